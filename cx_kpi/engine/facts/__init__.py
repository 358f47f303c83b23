"""Row facts: columns the engine adds because a metric reads them."""
