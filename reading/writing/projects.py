"""A project that the report names: the project itself, its place in the year's list, or what is said of it."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Department, Region
from projects.codes import next_code
from projects.models import AnnualPlan, Project, ProjectMention, Status
from projects.questions.names import distinctions
from reading.differences import is_listed
from reading.likeness import core, is_same, plain
from reading.proposals import Part, ProjectFound
from reading.writing.codes import Numbers
from reading.writing.outcome import Outcome, RefusedError
from reading.writing.sources import Source


@dataclass(slots=True)
class ProjectWriter:
    """Writes the projects of one report; one that it names twice is one project."""

    source: Source
    region: str
    _made: dict[tuple[Any, ...], Project] = field(default_factory=dict)
    _mentions: Numbers = field(default_factory=lambda: Numbers(ProjectMention, "mention", 3))

    def write(self, proposal: ProjectFound, candidate: int | None, outcome: Outcome) -> None:
        """One project; raises ValidationError or RefusedError."""
        if candidate is None:
            project = self._new(proposal, outcome)
        else:
            project = Project.objects.select_related("department").get(pk=candidate)
            self._update(project, proposal, outcome)
        if is_listed(proposal):
            self._enter(project, proposal, outcome)
        else:
            self._mention(project, proposal, outcome)

    def _new(self, proposal: ProjectFound, outcome: Outcome) -> Project:
        key = (core(proposal.name), distinctions(proposal.name))
        if made := self._made.get(key):
            self._fill(made, proposal, outcome)
            return made
        region = self._region()
        project = Project(
            code=next_code(region),
            region=region,
            name=proposal.name,
            category=proposal.category,
            sector=proposal.sector,
            status=proposal.stage if proposal.part is Part.RESULT else "",
            department=_department(proposal.department),
            owner_unit=proposal.owner_unit,
            description=proposal.description,
            total_investment=proposal.total_investment,
        )
        outcome.add(project)
        self._made[key] = project
        return project

    def _region(self) -> Region:
        """The report's own place, else the one district that there is."""
        districts = Region.objects.exclude(level=Region.Level.TOWN)
        named = [each for each in districts if self.region and self.region.endswith(each.name)]
        found = named or list(districts.filter(level=Region.Level.DISTRICT)[:2])
        if len(found) != 1:
            raise RefusedError("region", _("The site knows no region of this name."))
        return found[0]

    def _fill(self, project: Project, proposal: ProjectFound, outcome: Outcome) -> None:
        """What another place of the same report says of a new project, where it was still open."""
        values = {
            "sector": proposal.sector,
            "owner_unit": proposal.owner_unit,
            "total_investment": proposal.total_investment,
            "status": proposal.stage if proposal.part is Part.RESULT else "",
        }
        outcome.change(
            project, {k: v for k, v in values.items() if v and getattr(project, k) in ("", None)}
        )

    def _update(self, project: Project, proposal: ProjectFound, outcome: Outcome) -> None:
        """Name, total and sorting follow the latest year; status and department are people's."""
        values: dict[str, Any] = {}
        known = {project.name, *project.entries.values_list("cited_name", flat=True)}
        if not any(is_same(proposal.name, name) for name in known if name):
            for entry in project.entries.filter(cited_name=""):
                outcome.change(entry, {"cited_name": project.name})
            values["name"] = proposal.name
        if proposal.total_investment is not None:
            values["total_investment"] = proposal.total_investment
        latest = project.entries.order_by("-year").values_list("year", flat=True).first()
        if is_listed(proposal) and proposal.year >= (latest or 0):
            if proposal.category:
                values["category"] = proposal.category
            if proposal.sector:
                values["sector"] = proposal.sector
        if proposal.owner_unit and not project.owner_unit:
            values["owner_unit"] = proposal.owner_unit
        outcome.change(project, values)

    def _enter(self, project: Project, proposal: ProjectFound, outcome: Outcome) -> None:
        stage = "goal" if proposal.part is Part.PLAN else "result"
        stated: dict[str, Any] = {
            stage: proposal.stage,
            "category": proposal.category,
            "sector": proposal.sector,
            "level": proposal.level,
            "planned_investment": proposal.planned_investment,
        }
        said = {name: value for name, value in stated.items() if value not in ("", None)}
        entry = AnnualPlan.objects.filter(project=project, year=proposal.year).first()
        if entry is None:
            entry = AnnualPlan(
                project=project,
                year=proposal.year,
                cited_name=proposal.name,
                position=proposal.position or None,
                featured=True,
                table=_table(proposal),
                heading=proposal.heading[:80],
                cited_verb=proposal.verb,
                **{"category": project.category, **said},
                **self.source.cite(proposal.evidence),
            )
            outcome.add(entry)
            return
        changes = {name: value for name, value in said.items() if getattr(entry, name) != value}
        if entry.version > 0 and (held := sorted(changes.keys() & set(AnnualPlan.IN_HISTORY))):
            message = _("The plan of this entry has been adopted: a revision changes it.")
            raise RefusedError(held[0], message)
        if changes:
            outcome.change(entry, {**changes, **self.source.cite(proposal.evidence)})

    def _mention(self, project: Project, proposal: ProjectFound, outcome: Outcome) -> None:
        quote = proposal.evidence.quote[:400]
        said = project.mentions.filter(year=proposal.year).values_list("quote", flat=True)
        if any(known and _overlap(quote, known) for known in said):
            return
        status = proposal.stage if proposal.part is Part.RESULT else ""
        mention = ProjectMention(
            code=self._mentions.next(proposal.year),
            project=project,
            year=proposal.year,
            verb=proposal.verb,
            status=status if status in Status.values else "",
            text=quote,
            **self.source.cite(proposal.evidence),
        )
        outcome.add(mention)


def _overlap(one: str, other: str) -> bool:
    return plain(one) in plain(other) or plain(other) in plain(one)


def _table(proposal: ProjectFound) -> str:
    words = proposal.evidence.table.split()
    return words[0][:20] if words else ""


def _department(name: str) -> Department | None:
    """The department of exactly this name; a report's other words for one are no department."""
    found = Department.objects.filter(Department.OFFERED, name=name.strip())[:2]
    return found[0] if len(found) == 1 else None
