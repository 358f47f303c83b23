"""The command `cxkpi`."""

import sys


def main() -> None:
    """Run the command line; `--version` is answered before anything heavy is imported."""
    if sys.argv[1:] in (["--version"], ["-V"]):
        from cx_kpi import __version__

        sys.stdout.write(f"cxkpi {__version__}\n")
        return
    from cx_kpi.cli.app import run

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
