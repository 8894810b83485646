"""What the gateway can ask about base schools, themes, sheets and studios: one typed line for each endpoint."""

from __future__ import annotations

from yanxiu_wire import programme, studio, subjects, themes, work_assessment

from yanxiu_gateway.asking import Ask, Asking


class ProgrammeBackend(Asking):
    """Requests about what schools set up and reach."""

    record_programme_entry: Ask[programme.RecordProgrammeEntry, programme.ProgrammeEntry] = Ask(
        programme.RECORD_PROGRAMME_ENTRY
    )
    correct_programme_entry: Ask[programme.CorrectProgrammeEntry, programme.ProgrammeEntry] = Ask(
        programme.CORRECT_PROGRAMME_ENTRY
    )
    withdraw_programme_entry: Ask[programme.WithdrawProgrammeEntry, programme.ProgrammeEntry] = Ask(
        programme.WITHDRAW_PROGRAMME_ENTRY
    )
    list_programme_entries: Ask[programme.ListProgrammeEntries, programme.ProgrammeEntryPage] = Ask(
        programme.LIST_PROGRAMME_ENTRIES
    )
    list_base_school_batches: Ask[programme.ListBaseSchoolBatches, programme.BaseSchoolBatches] = Ask(
        programme.LIST_BASE_SCHOOL_BATCHES
    )
    get_base_school_programme: Ask[programme.GetBaseSchoolProgramme, programme.BaseSchoolProgramme] = Ask(
        programme.GET_BASE_SCHOOL_PROGRAMME
    )
    declare_themes: Ask[themes.DeclareThemes, themes.SchoolThemes] = Ask(themes.DECLARE_THEMES)
    file_themes: Ask[themes.FileThemes, themes.SchoolThemes] = Ask(themes.FILE_THEMES)
    list_school_themes: Ask[themes.ListSchoolThemes, themes.SchoolThemesPage] = Ask(themes.LIST_SCHOOL_THEMES)
    set_assessment_sheet: Ask[work_assessment.SetAssessmentSheet, work_assessment.AssessmentSheet] = Ask(
        work_assessment.SET_ASSESSMENT_SHEET
    )
    list_assessment_sheets: Ask[work_assessment.ListAssessmentSheets, work_assessment.AssessmentSheets] = Ask(
        work_assessment.LIST_ASSESSMENT_SHEETS
    )
    get_school_year_plans: Ask[programme.GetSchoolYearPlans, programme.SchoolYearPlans] = Ask(
        programme.GET_SCHOOL_YEAR_PLANS
    )
    set_district_subjects: Ask[subjects.SetDistrictSubjects, subjects.DistrictSubjects] = Ask(
        subjects.SET_DISTRICT_SUBJECTS
    )
    list_district_subjects: Ask[subjects.ListDistrictSubjects, subjects.DistrictSubjectsVersions] = Ask(
        subjects.LIST_DISTRICT_SUBJECTS
    )
    get_research_days: Ask[subjects.GetResearchDays, subjects.ResearchDaysHeld] = Ask(subjects.GET_RESEARCH_DAYS)
    open_studio: Ask[studio.OpenStudio, studio.Studio] = Ask(studio.OPEN_STUDIO)
    correct_studio: Ask[studio.CorrectStudio, studio.Studio] = Ask(studio.CORRECT_STUDIO)
    list_studios: Ask[studio.ListStudios, studio.Studios] = Ask(studio.LIST_STUDIOS)
