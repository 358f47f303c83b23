"""cxkpi: customer-service KPIs you can trust, from the exports a support team already has."""

__version__ = "0.1.0"
