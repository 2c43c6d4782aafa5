"""Photos of a site: who adds and sees them, what is refused, what is left of a file."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from PIL import ExifTags, Image, ImageCms

from office.clock import now, today
from projects import photographs, schedule
from projects.models import ProgressReport, ReportAction, ReportPhoto
from tests.factories import make_user, signed_in
from tests.rounds import make_plan, moment, open_rounds, report_of, save, step, submit

pytestmark = pytest.mark.any_database

GPS, IFD = ExifTags.GPS, ExifTags.IFD
RED, BLUE = (200, 30, 30), (30, 30, 200)
PLACE = {
    GPS.GPSLatitudeRef: "N",
    GPS.GPSLatitude: (30.0, 48.0, 21.5),
    GPS.GPSLongitudeRef: "E",
    GPS.GPSLongitude: (108.0, 22.0, 40.0),
    GPS.GPSDateStamp: "2024:03:01",
}


def picture(
    size: tuple[int, int] = (60, 40),
    kind: str = "JPEG",
    name: str = "工地.jpg",
    *,
    image: Image.Image | None = None,
    **more: Any,
) -> SimpleUploadedFile:
    """A picture, red in its left half and blue in its right, as a file that somebody uploads."""
    if image is None:
        image = Image.new("RGB", size, RED)
        image.paste(BLUE, (size[0] // 2, 0, *size))
    content = BytesIO()
    image.save(content, kind, **more)
    return SimpleUploadedFile(name, content.getvalue(), content_type="image/jpeg")


def of_a_camera(orientation: int = 1, **place: Any) -> SimpleUploadedFile:
    """A photo into which the camera wrote its maker, its owner, an orientation and the place."""
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "SecretCam"
    exif[ExifTags.Base.Artist] = "张三"
    exif[ExifTags.Base.Orientation] = orientation
    exif[IFD.GPSInfo] = PLACE
    return picture(exif=exif.tobytes(), comment=b"private words", xmp=b"<x:xmpmeta/>", **place)


@pytest.fixture(autouse=True)
def media(settings, tmp_path) -> Path:
    settings.MEDIA_ROOT = str(tmp_path / "media")
    return tmp_path / "media"


@pytest.fixture
def report(reporter) -> ProgressReport:
    entry = make_plan(reporter.department)
    period = open_rounds(3)
    # The round of the test is open on the day of the test.
    schedule.ReportingPeriod.objects.filter(pk=period.pk).update(
        opens_on=today(), due_on=today(), locks_on=today().replace(year=today().year + 1)
    )
    return report_of(entry, 3)


def files(media: Path) -> list[Path]:
    return [path for path in media.rglob("*") if path.is_file()]


def upload(user: Any, report: ProgressReport, *images: SimpleUploadedFile, **more: Any) -> Any:
    data = {"images": list(images), **more}
    return signed_in(user).post(f"/reports/{report.pk}/photos/", data)


def kept(report: ProgressReport, count: int = 1, by: Any = None) -> list[ReportPhoto]:
    pictures = photographs.prepare([picture()] * count, keep_location=False)
    return photographs.add(report.pk, pictures, by=by or report_maker(report), on=today(), at=now())


def report_maker(report: ProgressReport) -> Any:
    return make_user(department=report.entry.project.department)


def stored(photo: ReportPhoto) -> Image.Image:
    image = Image.open(photo.image.path)
    image.load()
    return image


def content_of(response: Any) -> bytes:
    """What was handed out; reading it to its end closes the file."""
    assert response.status_code == 200
    return b"".join(response.streaming_content)


def is_near(pixel: Any, colour: tuple[int, int, int]) -> bool:
    return all(abs(a - b) < 40 for a, b in zip(pixel, colour, strict=True))


def test_several_photos_are_added_at_once(reporter, report, media):
    response = upload(reporter, report, picture(), picture(kind="PNG"), picture(kind="WEBP"))
    assert response.status_code == 302
    assert response.url == f"/reports/{report.pk}/photos/"
    photos = list(report.photos.all())
    assert [photo.by for photo in photos] == [reporter] * 3
    assert [stored(photo).format for photo in photos] == ["JPEG"] * 3
    assert len(files(media)) == 3


def test_a_photo_says_who_added_it_and_what_it_shows(reporter, report):
    upload(reporter, report, picture(), caption="北侧边坡 <b>")
    page = signed_in(reporter).get(f"/reports/{report.pk}/photos/").content.decode()
    assert "北侧边坡 &lt;b&gt;" in page
    assert str(reporter) in page
    assert f'src="/photos/{report.photos.get().pk}/"' in page


def test_adding_and_removing_a_photo_is_no_step_of_the_report(reporter, report):
    upload(reporter, report, picture())
    signed_in(reporter).post(f"/photos/{report.photos.get().pk}/delete/")
    report.refresh_from_db()
    assert (report.version, report.events.count()) == (0, 0)


def test_the_name_of_the_file_is_not_kept(reporter, report, media):
    upload(reporter, report, picture(name="../../张三的照片.jpg"))
    (file,) = files(media)
    assert "张三" not in str(file)
    assert file.is_relative_to(media / "photos")


# What is left of a file


def test_a_large_photo_is_made_smaller_and_keeps_its_proportions(reporter, report):
    upload(reporter, report, picture((3000, 1500)))
    photo = report.photos.get()
    assert stored(photo).size == (1920, 960)
    assert (photo.width, photo.height) == (1920, 960)


def test_a_tall_photo_is_made_smaller_too(reporter, report):
    upload(reporter, report, picture((1000, 2400), "PNG"))
    assert stored(report.photos.get()).size == (800, 1920)


def test_a_small_photo_is_not_made_larger(reporter, report):
    upload(reporter, report, picture((30, 20)))
    assert stored(report.photos.get()).size == (30, 20)


def test_a_photo_that_was_taken_sideways_stands_upright(reporter, report):
    upload(reporter, report, of_a_camera(orientation=6))  # turn it by a quarter, clockwise
    image = stored(report.photos.get())
    assert image.size == (40, 60)
    assert is_near(image.getpixel((20, 5)), RED)
    assert is_near(image.getpixel((20, 55)), BLUE)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_nothing_that_the_camera_wrote_is_left(reporter, report, media, kind):
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "SecretCam"
    exif[IFD.GPSInfo] = PLACE
    upload(reporter, report, picture(kind=kind, exif=exif.tobytes()))
    image = stored(report.photos.get())
    assert dict(image.getexif()) == {}
    assert b"SecretCam" not in files(media)[0].read_bytes()
    assert not report.photos.get().keeps_location


def test_comments_and_packets_go_as_well(reporter, report, media):
    upload(reporter, report, of_a_camera())
    content = files(media)[0].read_bytes()
    for words in (b"private words", b"xmpmeta", b"SecretCam", "张三".encode(), b"Exif"):
        assert words not in content


def test_the_place_is_kept_where_that_is_chosen_and_nothing_else(reporter, report, media):
    upload(reporter, report, of_a_camera(orientation=6), keep_location="on")
    photo = report.photos.get()
    assert photo.keeps_location
    exif = stored(photo).getexif()
    assert set(exif) == {IFD.GPSInfo}
    place = exif.get_ifd(IFD.GPSInfo)
    assert set(place) <= {0, 1, 2, 3, 4}
    assert place[GPS.GPSLatitude] == (30.0, 48.0, 21.5)
    assert b"SecretCam" not in files(media)[0].read_bytes()


def test_a_photo_without_a_place_does_not_claim_one(reporter, report):
    upload(reporter, report, picture(), keep_location="on")
    assert not report.photos.get().keeps_location


def test_what_lets_the_ground_through_stands_on_white(reporter, report):
    upload(reporter, report, picture(kind="PNG", image=Image.new("RGBA", (20, 20), (0, 0, 0, 0))))
    assert is_near(stored(report.photos.get()).getpixel((10, 10)), (255, 255, 255))


@pytest.mark.parametrize("mode", ["L", "P", "CMYK", "1", "I;16", "LA", "RGBA"])
def test_pictures_of_every_kind_of_colour_are_drawn(reporter, report, mode):
    kind = {"CMYK": "JPEG", "L": "JPEG"}.get(mode, "PNG")
    upload(reporter, report, picture(kind=kind, image=Image.new(mode, (20, 20))))
    assert stored(report.photos.get()).mode == "RGB"


def test_the_profile_of_the_colours_is_applied_before_it_goes(reporter, report):
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    upload(reporter, report, picture(icc_profile=profile), picture(icc_profile=b"no profile"))
    for photo in report.photos.all():
        image = stored(photo)
        assert "icc_profile" not in image.info
        assert is_near(image.getpixel((5, 20)), RED)


# What is refused, with the file named


def refused(user: Any, report: ProgressReport, *images: SimpleUploadedFile, **more: Any) -> str:
    response = upload(user, report, *images, **more)
    assert response.status_code == 422
    assert not report.photos.exists()
    return response.content.decode()


def named(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="image/jpeg")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("表.jpg", b"PK\x03\x04 a workbook"),
        ("page.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("动画.gif", b"GIF89a\x01\x00\x01\x00\x00\x00\x00;"),
        ("空.jpg", b""),
        ("a.heic", b"\x00\x00\x00\x18ftypheic" + b"\x00" * 40),
    ],
)
def test_what_is_no_photo_is_refused_whatever_its_name(reporter, report, media, name, content):
    page = refused(reporter, report, picture(), named(name, content))
    assert name in page
    assert files(media) == []


def test_a_heic_photo_is_refused_with_what_to_do_about_it(reporter, report):
    content = b"\x00\x00\x00\x18ftypheic" + b"\x00" * 40
    assert "HEIC" in refused(reporter, report, named("IMG_1.jpg", content))


def test_a_damaged_photo_is_refused(reporter, report):
    whole = picture((400, 400)).read()
    assert "半张.jpg" in refused(reporter, report, named("半张.jpg", whole[: len(whole) // 2]))


def test_a_photo_above_8_mb_is_refused(reporter, report):
    content = picture().read().ljust(photographs.MOST_BYTES + 1, b"\x00")
    assert "大图.jpg" in refused(reporter, report, named("大图.jpg", content))


def test_a_photo_of_8_mb_is_taken(reporter, report):
    content = picture().read().ljust(photographs.MOST_BYTES, b"\x00")
    assert upload(reporter, report, named("8.jpg", content)).status_code == 302


@pytest.mark.parametrize("side", [9_000, 20_000])
def test_a_file_that_unpacks_to_more_than_memory_holds_is_not_unpacked(reporter, report, side):
    bomb = picture(kind="PNG", name="炸弹.png", image=Image.new("1", (side, side)))
    assert bomb.size < 100_000
    assert "炸弹.png" in refused(reporter, report, bomb)


def test_every_faulty_file_is_named(reporter, report):
    page = refused(reporter, report, named("甲.jpg", b"a"), picture(), named("乙.jpg", b"b"))
    assert "甲.jpg" in page
    assert "乙.jpg" in page


def test_an_upload_without_a_file_is_refused_and_keeps_its_caption(reporter, report):
    assert "北侧边坡" in refused(reporter, report, caption="北侧边坡")


def test_a_report_has_at_most_12_photos(reporter, report, media):
    kept(report, 11)
    response = upload(reporter, report, picture(), picture())
    assert response.status_code == 422
    assert report.photos.count() == 11
    assert len(files(media)) == 11
    assert upload(reporter, report, picture()).status_code == 302
    page = signed_in(reporter).get(f"/reports/{report.pk}/photos/").content.decode()
    assert "multipart" not in page


def test_more_than_12_at_once_are_refused_before_any_is_read(reporter, report):
    refused(reporter, report, *[picture() for _ in range(13)])


def test_files_of_an_upload_that_fails_half_way_are_not_left_behind(reporter, report, media):
    pictures = photographs.prepare([picture()], keep_location=False)
    pictures.append(photographs.Picture(b"the database refuses its size", keeps_location=False))
    with pytest.raises(IntegrityError):
        photographs.add(report.pk, pictures, by=reporter, on=today(), at=now())
    assert files(media) == []
    assert not report.photos.exists()


# Who


def test_strangers_see_neither_the_photos_nor_that_there_are_any(outsider, reporter, report):
    (photo,) = kept(report)
    client = signed_in(outsider)
    assert client.get(f"/reports/{report.pk}/photos/").status_code == 404
    assert client.post(f"/reports/{report.pk}/photos/").status_code == 404
    assert client.get(f"/photos/{photo.pk}/").status_code == 404
    assert client.post(f"/photos/{photo.pk}/delete/").status_code == 404
    assert report.photos.exists()


def test_whoever_is_not_signed_in_is_sent_to_the_sign_in_page(client, report):
    (photo,) = kept(report)
    assert client.get(f"/photos/{photo.pk}/").status_code == 302


def test_a_leader_sees_photos_and_changes_none(leader, report):
    (photo,) = kept(report)
    client = signed_in(leader)
    page = client.get(f"/reports/{report.pk}/photos/")
    assert page.status_code == 200
    assert b"multipart" not in page.content
    assert f"/photos/{photo.pk}/delete/" not in page.content.decode()
    assert content_of(client.get(f"/photos/{photo.pk}/")) == Path(photo.image.path).read_bytes()
    assert upload(leader, report, picture()).status_code == 403
    assert client.post(f"/photos/{photo.pk}/delete/").status_code == 403
    assert report.photos.count() == 1


def test_a_manager_adds_and_removes_as_well(manager, report):
    assert upload(manager, report, picture()).status_code == 302
    photo = report.photos.get()
    assert signed_in(manager).post(f"/photos/{photo.pk}/delete/").status_code == 302


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_wrong_methods_are_refused(reporter, report, method):
    (photo,) = kept(report)
    client = signed_in(reporter)
    assert getattr(client, method)(f"/reports/{report.pk}/photos/").status_code == 405
    assert getattr(client, method)(f"/photos/{photo.pk}/").status_code == 405
    assert client.post(f"/photos/{photo.pk}/").status_code == 405
    assert client.get(f"/photos/{photo.pk}/delete/").status_code == 405


# Until when


def test_photos_of_a_draft_may_be_changed(reporter, report):
    save(report, reporter, on=today())
    assert upload(reporter, report, picture()).status_code == 302


def test_photos_of_a_submitted_report_stay_until_it_is_returned(reporter, manager, report):
    (photo,) = kept(report)
    submit(report, reporter, on=today())
    client = signed_in(reporter)
    response = upload(reporter, report, picture())
    assert response.status_code == 409
    report.refresh_from_db()
    assert str(report.get_state_display()) in response.content.decode()
    assert client.post(f"/photos/{photo.pk}/delete/").status_code == 409
    assert report.photos.count() == 1
    step(report, ReportAction.RETURN, manager, on=today(), note="照片看不清")
    assert client.post(f"/photos/{photo.pk}/delete/").status_code == 302


def test_a_locked_round_says_why_nothing_can_be_added(reporter, report):
    (photo,) = kept(report)
    report.period.locked_at = moment(today())
    report.period.save()
    response = upload(reporter, report, picture())
    assert response.status_code == 409
    entrance = schedule.door(report.period, reporter.department, on=today(), grants=[])
    assert entrance.words in response.content.decode()
    assert signed_in(reporter).post(f"/photos/{photo.pk}/delete/").status_code == 409
    page = signed_in(reporter).get(f"/reports/{report.pk}/photos/")
    assert page.status_code == 200
    assert entrance.words in page.content.decode()
    assert b"multipart" not in page.content


def test_a_round_that_locks_between_the_page_and_the_row_is_noticed(reporter, report, media):
    pictures = photographs.prepare([picture()], keep_location=False)
    report.period.locked_at = moment(today())
    report.period.save()
    with pytest.raises(photographs.WorkflowError):
        photographs.add(report.pk, pictures, by=reporter, on=today(), at=now())
    assert files(media) == []


# Handing out and removing


def test_a_photo_is_handed_out_as_what_it_is_and_kept_by_its_reader_only(reporter, report):
    (photo,) = kept(report)
    response = signed_in(reporter).get(f"/photos/{photo.pk}/")
    assert content_of(response) == Path(photo.image.path).read_bytes()
    assert response["Content-Type"] == "image/jpeg"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "private" in response["Cache-Control"]
    assert "Cookie" in response["Vary"]
    assert response["Content-Disposition"].startswith("inline")


def test_a_photo_whose_file_is_gone_is_not_found(reporter, report):
    (photo,) = kept(report)
    Path(photo.image.path).unlink()
    assert signed_in(reporter).get(f"/photos/{photo.pk}/").status_code == 404


def test_a_file_that_is_no_picture_is_not_handed_out(reporter, report):
    (photo,) = kept(report)
    ReportPhoto.objects.filter(pk=photo.pk).update(image="photos/page.html")
    assert signed_in(reporter).get(f"/photos/{photo.pk}/").status_code == 404


def test_no_public_address_leads_to_a_photo(reporter, report):
    (photo,) = kept(report)
    client = signed_in(reporter)
    for address in (f"/media/{photo.image.name}", f"/{photo.image.name}"):
        assert client.get(address).status_code == 404


def test_the_file_of_a_removed_photo_goes_once_that_is_sure(
    reporter, report, media, django_capture_on_commit_callbacks
):
    (photo,) = kept(report)
    with django_capture_on_commit_callbacks(execute=False) as waiting:
        signed_in(reporter).post(f"/photos/{photo.pk}/delete/")
    assert not report.photos.exists()
    assert len(files(media)) == 1
    for callback in waiting:
        callback()
    assert files(media) == []


def test_the_page_asks_as_often_for_1_photo_as_for_12(reporter, report):
    client = signed_in(reporter)
    client.get(f"/reports/{report.pk}/photos/")
    counts = []
    for more in (1, 11):
        kept(report, more)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(f"/reports/{report.pk}/photos/")
        counts.append(len(queries))
    assert counts[0] == counts[1]
