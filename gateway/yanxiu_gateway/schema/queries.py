"""Every query, gathered from its noun.

A field that asks a service is nullable: when that service is down its hole is as small as the field, and the error
in it names the service.
"""

from __future__ import annotations

import strawberry

from yanxiu_gateway.schema.announced_ratio import AnnouncedRatioQueries
from yanxiu_gateway.schema.area import AreaQueries
from yanxiu_gateway.schema.audit_trail import AuditQueries
from yanxiu_gateway.schema.award import AwardQueries
from yanxiu_gateway.schema.base_school_programme import BaseSchoolProgrammeQueries
from yanxiu_gateway.schema.calendar_year import CalendarQueries
from yanxiu_gateway.schema.competition import CompetitionQueries
from yanxiu_gateway.schema.coverage import CoverageQueries
from yanxiu_gateway.schema.dead_letter import DeadLetterQueries
from yanxiu_gateway.schema.district import DistrictQueries
from yanxiu_gateway.schema.district_subjects import DistrictSubjectsQueries
from yanxiu_gateway.schema.erasures import ErasureQueries
from yanxiu_gateway.schema.field_note import FieldNoteQueries
from yanxiu_gateway.schema.field_record import FieldRecordQueries
from yanxiu_gateway.schema.form import FormQueries
from yanxiu_gateway.schema.grant import GrantQueries
from yanxiu_gateway.schema.import_roster import RosterQueries
from yanxiu_gateway.schema.integrity_entry import IntegrityQueries
from yanxiu_gateway.schema.job import JobQueries
from yanxiu_gateway.schema.leading_group import LeadingGroupQueries
from yanxiu_gateway.schema.ledger import LedgerQueries
from yanxiu_gateway.schema.me import MeQueries
from yanxiu_gateway.schema.period_lock import LockQueries
from yanxiu_gateway.schema.person_export import PersonQueries
from yanxiu_gateway.schema.policy import PolicyQueries
from yanxiu_gateway.schema.project import ProjectQueries
from yanxiu_gateway.schema.record import RecordQueries
from yanxiu_gateway.schema.refetch import NodeQueries
from yanxiu_gateway.schema.research_group import ResearchGroupQueries
from yanxiu_gateway.schema.researcher import ResearcherQueries
from yanxiu_gateway.schema.residency import ResidencyQueries
from yanxiu_gateway.schema.rotation_plan import RotationPlanQueries
from yanxiu_gateway.schema.rule_queries import RuleQueries
from yanxiu_gateway.schema.school import SchoolQueries
from yanxiu_gateway.schema.school_organisation import SchoolOrganisationQueries
from yanxiu_gateway.schema.school_ratio import SchoolRatioQueries
from yanxiu_gateway.schema.school_themes import SchoolThemesQueries
from yanxiu_gateway.schema.session import SessionQueries
from yanxiu_gateway.schema.shortfall import ShortfallQueries
from yanxiu_gateway.schema.signed_head import ProofQueries
from yanxiu_gateway.schema.standing import StandingQueries
from yanxiu_gateway.schema.studio import StudioQueries
from yanxiu_gateway.schema.supervision import SupervisionQueries
from yanxiu_gateway.schema.task import WorkflowQueries
from yanxiu_gateway.schema.teacher import TeacherQueries
from yanxiu_gateway.schema.term import TermQueries
from yanxiu_gateway.schema.term_minima import TermMinimaQueries
from yanxiu_gateway.schema.term_work import TermWorkQueries
from yanxiu_gateway.schema.transfer import TransferQueries
from yanxiu_gateway.schema.try_decision import TryQueries
from yanxiu_gateway.schema.visit import VisitQueries
from yanxiu_gateway.schema.visit_finding import VisitFindingQueries
from yanxiu_gateway.schema.work_assessment import WorkAssessmentQueries


@strawberry.type(
    name="Query",
    description="查询：只见得到调用者所在区县、且在其权限之内的数据。"
    "Reads: a caller sees his own district, and of it what his role may see.",
)
class Query(
    MeQueries,
    GrantQueries,
    AuditQueries,
    PersonQueries,
    ErasureQueries,
    DistrictQueries,
    SchoolQueries,
    TeacherQueries,
    TermQueries,
    CalendarQueries,
    AreaQueries,
    ResearcherQueries,
    RotationPlanQueries,
    ResidencyQueries,
    ResearchGroupQueries,
    LeadingGroupQueries,
    ProjectQueries,
    RecordQueries,
    StandingQueries,
    ShortfallQueries,
    SchoolRatioQueries,
    AnnouncedRatioQueries,
    LedgerQueries,
    LockQueries,
    IntegrityQueries,
    ProofQueries,
    JobQueries,
    DeadLetterQueries,
    PolicyQueries,
    RosterQueries,
    SessionQueries,
    TransferQueries,
    WorkflowQueries,
    VisitQueries,
    FieldRecordQueries,
    FormQueries,
    VisitFindingQueries,
    TermWorkQueries,
    TermMinimaQueries,
    CoverageQueries,
    WorkAssessmentQueries,
    SchoolOrganisationQueries,
    FieldNoteQueries,
    SupervisionQueries,
    AwardQueries,
    CompetitionQueries,
    BaseSchoolProgrammeQueries,
    SchoolThemesQueries,
    DistrictSubjectsQueries,
    StudioQueries,
    RuleQueries,
    TryQueries,
    NodeQueries,
):
    """Root fields."""
