"""What is set beside a judged report: what comes, other reports, other studies, closer looks."""
