"""What is added to a judged report: the outlook, other reports, other studies, closer looks."""
