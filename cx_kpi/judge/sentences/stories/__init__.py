"""What is said first: judgements as sentences, and where."""
