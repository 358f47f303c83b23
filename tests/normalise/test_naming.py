"""Names of columns for cuts."""

from cx_kpi.normalise.mapping.naming import as_named


def test_capitals_do_not_matter_where_there_is_no_doubt():
    names = ["channel", "Team", "Brand", "BRAND"]
    assert as_named((("Channel", "TEAM"), ("brand",), ("Brand",), ("gone",)), names) == (
        ("channel", "Team"),
        ("brand",),
        ("Brand",),
        ("gone",),
    )
    assert as_named(None, names) is None
