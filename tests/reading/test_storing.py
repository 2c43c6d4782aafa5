import pytest

from reading.proposals import MeasureFound, Reading, Unread
from reading.storing import as_json, from_json
from tests.reading.readings import amount, commitment, count, evidence, found, indicator, project

pytestmark = pytest.mark.any_database


def test_a_reading_survives_the_way_through_json():
    measure = MeasureFound("口袋公园", "新建口袋公园4个", "ge", None, "个")
    reading = found(
        project("山城智造园"),
        indicator("地区生产总值增速", target="6.5以上", binding=None),
        count("重点项目", 45),
        amount("工业投资", "80.50"),
        commitment("口袋公园", measures=(measure,)),
        unread=(Unread(evidence("什么"), "table"),),
    )
    assert from_json(Reading, as_json(reading)) == reading
