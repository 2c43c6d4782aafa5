"""Figures in Chinese: thousands parted by a comma, as spreadsheets and the office's tables do."""

THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3
