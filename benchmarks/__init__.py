"""Measurements that the house holds itself to; see README.md."""
