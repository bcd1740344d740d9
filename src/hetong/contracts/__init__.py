"""The record at the heart."""
