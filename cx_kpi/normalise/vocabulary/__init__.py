"""The ground floor of normalising: headers, dictionaries, rules and notices that all rooms above use."""
