"""示例数据: what the demo shows beside the report's facts; invented, seeded, and said to be so."""
