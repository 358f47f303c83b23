"""The elements of views: texts, labels, fields, signs."""
