"""Presets: what is known of the exports of each product."""
