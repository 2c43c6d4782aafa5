"""The sheet that the office writes on: GB/T 9704, sizes in millimetres, the pitch in points."""

PAGE = (210.0, 297.0)
# top, right, bottom, left
MARGINS = (37.0, 26.0, 35.0, 28.0)
TEXT_WIDTH = PAGE[0] - MARGINS[1] - MARGINS[3]
LINE_PITCH = 28.0
FIGURE_HEIGHT = 78.0
