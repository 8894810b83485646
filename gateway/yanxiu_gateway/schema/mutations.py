"""Every mutation, each with one input, an idempotency key, and errors as data."""

from __future__ import annotations

import strawberry

from yanxiu_gateway.schema import decide_project as decide
from yanxiu_gateway.schema import import_roster as roster
from yanxiu_gateway.schema.announced_ratio import AnnouncedRatioMutations
from yanxiu_gateway.schema.area_commands import AreaMutations
from yanxiu_gateway.schema.attendance_commands import AttendanceMutations
from yanxiu_gateway.schema.award_commands import AwardMutations
from yanxiu_gateway.schema.award_ending_commands import AwardEndingMutations
from yanxiu_gateway.schema.base_school_commands import BaseSchoolMutations
from yanxiu_gateway.schema.bind_rule_pack import BindRulePackPayload, bind_rule_pack
from yanxiu_gateway.schema.calendar_year import CalendarMutations
from yanxiu_gateway.schema.cancel_rule_pack_binding import RulePackBindingMutations
from yanxiu_gateway.schema.competition import CompetitionMutations
from yanxiu_gateway.schema.correct_books import BookMutations
from yanxiu_gateway.schema.correct_district import CorrectDistrictPayload, correct_district
from yanxiu_gateway.schema.correct_employment import CorrectEmploymentPayload, correct_employment
from yanxiu_gateway.schema.correct_school import CorrectSchoolPayload, correct_school
from yanxiu_gateway.schema.correct_teacher import CorrectTeacherPayload, correct_teacher
from yanxiu_gateway.schema.create_district import CreateDistrictPayload, create_district
from yanxiu_gateway.schema.create_school import CreateSchoolPayload, create_school
from yanxiu_gateway.schema.create_teacher import CreateTeacherPayload, create_teacher
from yanxiu_gateway.schema.dead_letter import DeadLetterMutations
from yanxiu_gateway.schema.delegation_commands import DelegationMutations
from yanxiu_gateway.schema.district_subjects import DistrictSubjectsMutations
from yanxiu_gateway.schema.employ_teacher import EmployTeacherPayload, employ_teacher
from yanxiu_gateway.schema.erasure_commands import ErasureMutations
from yanxiu_gateway.schema.field_record_commands import FieldRecordMutations
from yanxiu_gateway.schema.form import FormMutations
from yanxiu_gateway.schema.grant_commands import GrantMutations
from yanxiu_gateway.schema.leading_group_commands import LeadingGroupMutations
from yanxiu_gateway.schema.preview_policy import PolicyMutations
from yanxiu_gateway.schema.process_commands import ProcessMutations
from yanxiu_gateway.schema.propose_project import ProposeProjectPayload, propose_project
from yanxiu_gateway.schema.register_training import RegisterTrainingPayload, register_training
from yanxiu_gateway.schema.regular_inspections import RegularInspectionMutations
from yanxiu_gateway.schema.research_group_commands import ResearchGroupMutations
from yanxiu_gateway.schema.researcher_commands import ResearcherMutations
from yanxiu_gateway.schema.rotation_plan_commands import RotationPlanMutations
from yanxiu_gateway.schema.school_themes import SchoolThemesMutations
from yanxiu_gateway.schema.session_commands import SessionMutations
from yanxiu_gateway.schema.set_term import SetTermPayload, set_term
from yanxiu_gateway.schema.start_job import JobMutations
from yanxiu_gateway.schema.studio import StudioMutations
from yanxiu_gateway.schema.supervision_commands import SupervisionMutations
from yanxiu_gateway.schema.transfer_commands import TransferMutations
from yanxiu_gateway.schema.visit_commands import VisitMutations
from yanxiu_gateway.schema.visit_finding_commands import VisitFindingMutations
from yanxiu_gateway.schema.work_assessment import WorkAssessmentMutations


@strawberry.type(
    name="Mutation",
    description="写操作：每个只有一个输入，带幂等键，未予办理的原因作为数据返回。"
    "Writes: one input each, with an idempotency key; why nothing was done comes back as data.",
)
class Mutation(
    SessionMutations,
    AttendanceMutations,
    ProcessMutations,
    DelegationMutations,
    TransferMutations,
    BookMutations,
    JobMutations,
    DeadLetterMutations,
    PolicyMutations,
    CalendarMutations,
    AreaMutations,
    GrantMutations,
    ErasureMutations,
    ResearcherMutations,
    RotationPlanMutations,
    ResearchGroupMutations,
    LeadingGroupMutations,
    VisitMutations,
    FieldRecordMutations,
    FormMutations,
    VisitFindingMutations,
    SupervisionMutations,
    AwardMutations,
    CompetitionMutations,
    BaseSchoolMutations,
    SchoolThemesMutations,
    DistrictSubjectsMutations,
    StudioMutations,
    WorkAssessmentMutations,
    AnnouncedRatioMutations,
    AwardEndingMutations,
    RegularInspectionMutations,
    RulePackBindingMutations,
):
    """Root fields."""

    create_district: CreateDistrictPayload | None = strawberry.mutation(
        resolver=create_district, description="开设一个区县（平台运维）。Open a district (platform operator)."
    )
    correct_district: CorrectDistrictPayload | None = strawberry.mutation(
        resolver=correct_district, description="更正区县的名称。Correct the names of a district."
    )
    bind_rule_pack: BindRulePackPayload | None = strawberry.mutation(
        resolver=bind_rule_pack, description="自某日起适用一个规则包。Put a district under a rule pack from a day on."
    )
    create_school: CreateSchoolPayload | None = strawberry.mutation(
        resolver=create_school, description="登记一所学校。Enter a school."
    )
    correct_school: CorrectSchoolPayload | None = strawberry.mutation(
        resolver=correct_school, description="自某日起更改学校信息。Change a school from a day on."
    )
    create_teacher: CreateTeacherPayload | None = strawberry.mutation(
        resolver=create_teacher, description="登记一位教师及其首次任职。Enter a teacher with a first employment."
    )
    correct_teacher: CorrectTeacherPayload | None = strawberry.mutation(
        resolver=correct_teacher, description="自某日起更改教师信息。Change a teacher from a day on."
    )
    employ_teacher: EmployTeacherPayload | None = strawberry.mutation(
        resolver=employ_teacher, description="自某日起调到一所学校。Move a teacher to a school from a day on."
    )
    correct_employment: CorrectEmploymentPayload | None = strawberry.mutation(
        resolver=correct_employment,
        description="更正或撤回一段任职（区县教育局）。Correct or take back an employment (district officer).",
    )
    set_term: SetTermPayload | None = strawberry.mutation(
        resolver=set_term, description="登记或更正一个学期。Enter or correct a term."
    )
    stage_roster: roster.StageRosterPayload | None = strawberry.mutation(
        resolver=roster.stage_roster,
        description="备好花名册的若干行，尚不写入。Lay rows of a roster ready; nothing is entered yet.",
    )
    apply_roster: roster.ApplyRosterPayload | None = strawberry.mutation(
        resolver=roster.apply_roster,
        description="一次写入全部备好的行；有任何一行出错则不予办理。"
        "Enter all rows at once; refused while any row has an error.",
    )
    undo_roster: roster.UndoRosterPayload | None = strawberry.mutation(
        resolver=roster.undo_roster,
        description="撤回一次导入；此后已有改动的则不予办理。"
        "Take an import back; refused where something changed since.",
    )
    propose_project: ProposeProjectPayload | None = strawberry.mutation(
        resolver=propose_project, description="申报一个培训项目。Propose a training project."
    )
    approve_project: decide.ApproveProjectPayload | None = strawberry.mutation(
        resolver=decide.approve_project, description="批准一个项目。Approve a project."
    )
    return_project: decide.ReturnProjectPayload | None = strawberry.mutation(
        resolver=decide.return_project, description="退回一个项目。Return a project with a reason."
    )
    register_training: RegisterTrainingPayload | None = strawberry.mutation(
        resolver=register_training,
        description="登记一次研修，按当日适用的规则算出所得并说明理由。"
        "Register one training; the law of that day says what it earns, and why.",
    )
