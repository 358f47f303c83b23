"""What views are made of: texts, labels, fields, signs."""
