"""现场照片: checks, turns, shrinks and strips the photos of a monthly report, keeps and removes them.

A photo is no step in a report's life: adding or removing one leaves no event in its chain and does
not change its version, so that nobody's open form goes stale over a picture.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from uuid import uuid4

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from PIL import ExifTags, Image, ImageCms, ImageOps

from accounts.models import User
from projects.models import ProgressReport, ReopenGrant, ReportAction, ReportPhoto
from projects.permissions import may_report
from projects.schedule import door
from projects.workflow import WORDS as REFUSALS
from projects.workflow import Refusal, WorkflowError, offers

MOST_BYTES = 8 * 1024 * 1024
MOST_PHOTOS = 12
MOST_PIXELS = 64_000_000
"""More is no photo that a telephone takes, but may fill the memory once it is unpacked."""
LONGEST_SIDE = 1920
QUALITY = 85
FORMATS = ("JPEG", "PNG", "WEBP")

_PLACE = (
    ExifTags.GPS.GPSVersionID,
    ExifTags.GPS.GPSLatitudeRef,
    ExifTags.GPS.GPSLatitude,
    ExifTags.GPS.GPSLongitudeRef,
    ExifTags.GPS.GPSLongitude,
    ExifTags.GPS.GPSAltitudeRef,
    ExifTags.GPS.GPSAltitude,
)
_HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif")
_BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    KeyError,
    TypeError,
    IndexError,
    struct.error,
)
"""What Pillow's readers raise over a damaged file."""
_BOMB = (Image.DecompressionBombError, Image.DecompressionBombWarning)

WORDS = {
    "empty": gettext_lazy("“%(name)s” is empty."),
    "large": gettext_lazy("“%(name)s” is larger than %(most)s MB."),
    "heic": gettext_lazy(
        "“%(name)s” is a HEIC photo, which cannot be read here."
        " Set the camera to “most compatible” (JPEG), or send it as JPEG."
    ),
    "kind": gettext_lazy("“%(name)s” is no photo in JPEG, PNG or WebP."),
    "pixels": gettext_lazy("“%(name)s” has too many pixels (%(width)s × %(height)s)."),
    "broken": gettext_lazy("“%(name)s” is damaged and cannot be read."),
}


class PhotoError(Exception):
    """Nothing was kept; `messages` name each file and what is wrong with it."""

    def __init__(self, messages: list[str]) -> None:
        super().__init__(" ".join(messages))
        self.messages = messages


@dataclass(frozen=True, slots=True)
class Picture:
    """A photo ready to be kept: a JPEG without anything that the camera wrote into the file."""

    content: bytes
    keeps_location: bool


def prepare(files: Sequence[UploadedFile], *, keep_location: bool) -> list[Picture]:
    """Check and redraw uploaded photos; the place stays only where it is asked for and is there.

    Raises PhotoError, with every fault that was found. Takes its time: not for a transaction.
    """
    if len(files) > MOST_PHOTOS:
        raise PhotoError([_too_many(0)])
    pictures, faults = [], []
    for file in files:
        try:
            pictures.append(_redraw(file, keep_location=keep_location))
        except PhotoError as error:
            faults += error.messages
    if faults:
        raise PhotoError(faults)
    return pictures


def why_closed(report: ProgressReport, *, user: User, on: date) -> WorkflowError | None:
    """Why this person may not change the report's photos now; None where they may.

    They may as long as they may save the report (with its period, entry, project and department).
    """
    project = report.entry.project
    if not may_report(user, project):
        return WorkflowError(Refusal.NOT_YOURS, str(REFUSALS[Refusal.NOT_YOURS]))
    grants = ReopenGrant.objects.filter(period=report.period_id).select_related("department")
    entrance = door(report.period, project.department, on=on, grants=grants)
    found = offers(report, user=user, entrance=entrance, makers=())
    offer = next((offer for offer in found if offer.action == ReportAction.SAVE), None)
    if offer is None:
        words = str(REFUSALS[Refusal.NO_SUCH_STEP]) % {"state": report.get_state_display()}
        return WorkflowError(Refusal.NO_SUCH_STEP, words)
    return WorkflowError(offer.refusal, offer.why) if offer.refusal is not None else None


def add(
    report_id: int,
    pictures: Sequence[Picture],
    *,
    caption: str = "",
    by: User,
    on: date,
    at: datetime,
) -> list[ReportPhoto]:
    """Keep the pictures with a report, all of them or none.

    Raises WorkflowError where the report may not be changed now, PhotoError where there would be
    too many. The caller has fetched the report through permissions.visible_reports.
    """
    photos: list[ReportPhoto] = []
    try:
        with transaction.atomic():
            report = _locked(report_id, by=by, on=on)
            present = report.photos.count()
            if present + len(pictures) > MOST_PHOTOS:
                raise PhotoError([_too_many(present)])
            for picture in pictures:
                photo = ReportPhoto(
                    report=report,
                    year=report.year,
                    image=ContentFile(picture.content, f"{uuid4().hex}.jpg"),
                    caption=caption.strip(),
                    keeps_location=picture.keeps_location,
                    by=by,
                    at=at,
                )
                photos.append(photo)
                photo.save(force_insert=True)
    except BaseException:
        for photo in photos:
            photo.image.storage.delete(str(photo.image.name))
        raise
    return photos


@transaction.atomic
def remove(photo: ReportPhoto, *, by: User, on: date) -> None:
    """Remove a photo; its file goes once that is sure. Raises WorkflowError as add does."""
    _locked(photo.report_id, by=by, on=on)
    storage, name = photo.image.storage, str(photo.image.name)
    photo.delete()
    transaction.on_commit(lambda: storage.delete(name))


def _locked(report_id: int, *, by: User, on: date) -> ProgressReport:
    report = (
        ProgressReport.objects.select_for_update(of=("self",))
        .select_related("period", "entry__project__department")
        .get(pk=report_id)
    )
    if (refused := why_closed(report, user=by, on=on)) is not None:
        raise refused
    return report


def _too_many(present: int) -> str:
    return _("A report has at most %(most)s photos; this one has %(present)s already.") % {
        "most": MOST_PHOTOS,
        "present": present,
    }


def _redraw(file: UploadedFile, *, keep_location: bool) -> Picture:
    name = (file.name or "")[:80]
    if not file.size:
        raise _fault("empty", name)
    if file.size > MOST_BYTES:
        raise _fault("large", name, most=MOST_BYTES // 1024 // 1024)
    file.seek(0)
    start = file.read(12)
    if start[4:8] == b"ftyp" and start[8:12] in _HEIC_BRANDS:
        raise _fault("heic", name)
    file.seek(0)
    try:
        image = Image.open(file, formats=FORMATS)
    except _BOMB as error:
        raise _fault("pixels", name, width="…", height="…") from error
    except _BROKEN as error:
        raise _fault("kind", name) from error
    with image:
        if image.width * image.height > MOST_PIXELS:
            raise _fault("pixels", name, width=image.width, height=image.height)
        try:
            place = _place(image) if keep_location else None
            content = _drawn(image, place)
        except _BOMB as error:
            raise _fault("pixels", name, width=image.width, height=image.height) from error
        except _BROKEN as error:
            raise _fault("broken", name) from error
    return Picture(content, keeps_location=place is not None)


def _fault(kind: str, name: str, **params: object) -> PhotoError:
    return PhotoError([str(WORDS[kind]) % {"name": name, **params}])


def _drawn(image: Image.Image, place: Image.Exif | None) -> bytes:
    """The picture upright, no larger than needed, as a JPEG of nothing but its pixels."""
    # JPEG only: unpacks at a fraction of the size where that is enough.
    image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    profile = image.info.get("icc_profile")
    shown = ImageOps.exif_transpose(image)
    shown.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    drawn = _in_srgb(_on_white(shown), profile)
    clean = Image.new("RGB", drawn.size)  # brings no info of the file with it
    clean.paste(drawn)
    target = BytesIO()
    more = {"exif": place.tobytes()} if place is not None else {}
    clean.save(target, "JPEG", quality=QUALITY, optimize=True, **more)
    return target.getvalue()


def _on_white(image: Image.Image) -> Image.Image:
    """The picture in three colours; what lets the ground through stands on white."""
    if not image.has_transparency_data:
        return image.convert("RGB")
    see_through = image.convert("RGBA")
    ground = Image.new("RGB", image.size, "white")
    ground.paste(see_through, mask=see_through.getchannel("A"))
    return ground


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """The colours as they were meant, since the profile that says so goes; telephones write one."""
    if not profile:
        return image
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        seen = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"))
    except (ImageCms.PyCMSError, *_BROKEN):  # a profile of other colours: as good as none
        return image
    return seen or image


def _place(image: Image.Image) -> Image.Exif | None:
    """Where the photo was taken and nothing else; None where the file does not say."""
    written = image.getexif().get_ifd(ExifTags.IFD.GPSInfo)
    place = {tag: written[tag] for tag in _PLACE if tag in written}
    if ExifTags.GPS.GPSLatitude not in place or ExifTags.GPS.GPSLongitude not in place:
        return None
    kept = Image.Exif()
    kept[ExifTags.IFD.GPSInfo] = place
    return kept
