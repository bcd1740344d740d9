"""Customers, suppliers and partners."""
