"""Measurements that the house holds itself to; see README.md. They bring a database of their own."""

from benchmarks.cluster import prepare

prepare()
