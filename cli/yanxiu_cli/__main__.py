"""The `yanxiu` command: one file per sub-command, each imported only when it is asked for."""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence

from cyclopts import App, CycloptsError, Group

from yanxiu_cli.console import complain
from yanxiu_cli.failed import Failed

RUN = Group("运行 Running", sort_key=1)
DATA = Group("数据 Data", sort_key=2)
LAW = Group("规则 Rules", sort_key=3)
DEVELOPMENT = Group("开发 Development", sort_key=4)

INTERRUPTED = 130


def build() -> App:
    """The command with all its sub-commands; nothing of a sub-command is imported yet."""
    app = App(
        name="yanxiu",
        help="研修：教师研修登记、学分与下校平台。Yanxiu: teacher-training registers, credits and school visits.",
        version_flags=["--version"],
        version=_version,
        default_parameter=None,
    )
    add = app.command
    add("yanxiu_cli.up:up", name="up", group=RUN, help="在本机启动整个平台。Start the whole platform on this machine.")
    add("yanxiu_cli.serve:serve", name="serve", group=RUN, help="运行一个进程。Run one process of the platform.")
    add("yanxiu_cli.migrate:migrate", name="migrate", group=RUN, help="迁移数据库。Migrate the databases of a service.")
    add("yanxiu_cli.status:status", name="status", group=RUN, help="各部分的状况。How every part of the platform is.")
    add("yanxiu_cli.settings:settings", name="settings", group=RUN, help="列出全部设置。List every setting.")
    add("yanxiu_cli.token:token", name="token", group=RUN, help="签发开发用令牌。Issue a development token.")
    add("yanxiu_cli.query:query", name="query", group=RUN, help="发一个 GraphQL 查询。Send a GraphQL operation.")
    nats = App(name="nats", group=RUN, help="NATS 的凭据与流。Credentials and streams of NATS.")
    nats.command(
        "yanxiu_cli.nats.credentials:credentials", name="credentials", help="生成与更换凭据。Mint credentials."
    )
    nats.command("yanxiu_cli.nats.credentials:permissions", name="permissions", help="打印权限。Print permissions.")
    nats.command("yanxiu_cli.nats.streams:streams", name="streams", help="建立各流。Make the streams.")
    app.command(nats)
    _data(app)
    _jobs(app)
    _plans(app)
    _supervision(app)
    _law(app)
    add(
        "yanxiu_cli.schema:schema",
        name="schema",
        group=DEVELOPMENT,
        help="写出或核对契约快照。Write or check the contract snapshots.",
    )
    return app


def _data(app: App) -> None:
    imports = App(name="import", group=DATA, help="导入名册。Import rosters.")
    imports.command(
        "yanxiu_cli.import_teachers:import_teachers",
        name="teachers",
        help="导入教师名册（CSV 或 XLSX）。Import a roster of teachers (CSV or XLSX).",
    )
    signatures = App(name="signatures", group=DATA, help="办理流程的签署。Signatures of workflows.")
    signatures.command("yanxiu_cli.signatures:verify", name="verify", help="核对签署。Check all signatures.")
    projection = App(name="projection", group=DATA, help="登记数据的本地副本。Local copies of the registry's facts.")
    projection.command("yanxiu_cli.projection:rebuild", name="rebuild", help="重建副本。Fill the copy again.")
    registry = App(name="registry", group=DATA, help="登记服务。The registry.")
    registry.command("yanxiu_cli.registry:republish", name="republish", help="重新公布。Announce everything again.")
    app.command(
        "yanxiu_cli.shortfalls:shortfalls",
        name="shortfalls",
        group=DATA,
        help="未达标名单。Who falls short in a period.",
    )
    app.command(
        "yanxiu_cli.transcript:app",
        name="transcript",
        group=DATA,
        help="学分证明：出具与核验。Transcripts: fetch, check.",
    )
    app.command("yanxiu_cli.person:app", name="person", group=DATA, help="个人数据：导出与核验。A person's data.")
    visits = App(name="visits", group=DATA, help="下校与问题。Visits and findings.")
    visits.command("yanxiu_cli.visits:show", name="list", help="列出下校。List visits.")
    visits.command("yanxiu_cli.visits:findings", name="findings", help="列出问题。List findings.")
    visits.command("yanxiu_cli.visits_minima:minima", name="minima", help="学期还差什么。Who falls short of a term.")
    visits.command("yanxiu_cli.visits_minima:coverage", name="coverage", help="覆盖图。The map of coverage.")
    visits.command(
        "yanxiu_cli.assessment_sheet:assessments", name="assessments", help="考核依据。Inputs of assessments."
    )
    visits.command("yanxiu_cli.visits_programme:programme", name="programme", help="工作目标。Targets of base schools.")
    visits.command("yanxiu_cli.visits_programme:themes", name="themes", help="研修主题。Research themes.")
    app.command("yanxiu_cli.backup:backup", name="backup", group=DATA, help="备份一个区县。Back up a district, online.")
    app.command("yanxiu_cli.backup:restore", name="restore", group=DATA, help="恢复一个区县。Put a backup back.")
    for group in (imports, _ledger(), signatures, projection, registry, visits):
        app.command(group)


def _ledger() -> App:
    ledger = App(name="ledger", group=DATA, help="学分台账。The ledger of credits.")
    ledger.command("yanxiu_cli.ledger:verify", name="verify", help="核对台账链。Check the ledger's chain.")
    ledger.command("yanxiu_cli.ledger_replay:replay", name="replay", help="重演裁定。Judge all decisions again.")
    ledger.command("yanxiu_cli.ledger:heads", name="heads", help="列出或另存台账头。List or keep signed heads.")
    ledger.command("yanxiu_cli.ledger:sign", name="sign", help="立即签署台账头。Sign the head now.")
    ledger.command("yanxiu_cli.ledger:keys", name="keys", help="取得核验用的公钥。Get the public keys.")
    return ledger


def _plans(app: App) -> None:
    plan = App(name="plan", group=DATA, help="蹲点方案。Rotation plans.")
    plan.command("yanxiu_cli.plan:show_all", name="list", help="列出。List them.")
    plan.command("yanxiu_cli.plan:start", name="start", help="排定并看着完成。Start the planner and watch it.")
    plan.command("yanxiu_cli.plan:watch", name="watch", help="看进度。Watch one to its end.")
    plan.command("yanxiu_cli.plan:show", name="show", help="显示安排或无解的证明。Show one, or why there is none.")
    plan.command("yanxiu_cli.plan:cancel", name="cancel", help="中止。End the planner.")
    app.command(plan)


def _supervision(app: App) -> None:
    supervision = App(name="supervision", group=DATA, help="督导与抽签。Supervision and its draws.")
    supervision.command("yanxiu_cli.supervision:inspections", name="list", help="谁被督导。Who is inspected.")
    supervision.command("yanxiu_cli.supervision:draws", name="draws", help="抽签。Draws, each repeated.")
    supervision.command("yanxiu_cli.supervision:keep", name="keep", help="另存抽签。Keep a draw as a file.")
    supervision.command("yanxiu_cli.supervision:verify", name="verify", help="离线重算抽签。Repeat a draw offline.")
    awards = App(name="awards", group=DATA, help="年度评优。Yearly awards.")
    awards.command("yanxiu_cli.awards:show", name="show", help="名额与进度。Quotas and places used.")
    awards.command("yanxiu_cli.awards:objections", name="objections", help="异议。Objections.")
    ratios = App(name="ratios", group=DATA, help="各校未完成占比的公布。Announced ratios of the schools.")
    ratios.command("yanxiu_cli.ratios:announce", name="announce", help="公布。Announce them.")
    ratios.command("yanxiu_cli.ratios:show", name="list", help="列出已公布的。List what was announced.")
    grants = App(name="grants", group=DATA, help="授权。Grants of roles.")
    grants.command("yanxiu_cli.grants:give", name="give", help="授予。Give a role.")
    grants.command("yanxiu_cli.grants:show", name="list", help="列出。Who holds which role.")
    grants.command("yanxiu_cli.grants:revoke", name="revoke", help="撤销。Take one back.")
    audit = App(name="audit", group=DATA, help="审计记录。The audit trail.")
    audit.command("yanxiu_cli.audit:show", name="list", help="列出。Who saw and did what.")
    audit.command("yanxiu_cli.audit:verify", name="verify", help="核对。Is it whole.")
    for group in (supervision, awards, ratios, grants, audit):
        app.command(group)


def _jobs(app: App) -> None:
    job = App(name="job", group=DATA, help="全区的作业。Work on a whole district.")
    job.command("yanxiu_cli.job:start", name="start", help="发起并看着完成。Start one and watch it.")
    job.command("yanxiu_cli.job:watch", name="watch", help="看进度。Watch one to its end.")
    job.command("yanxiu_cli.job:show", name="list", help="列出。List them.")
    job.command("yanxiu_cli.job:cancel", name="cancel", help="取消。Give one up.")
    app.command(job)
    letters = App(name="dead-letters", group=DATA, help="未能应用而搁置的事件。What could not be applied.")
    letters.command("yanxiu_cli.dead_letters:show_list", name="list", help="列出。List them.")
    letters.command("yanxiu_cli.dead_letters:show", name="show", help="看一封的内容。Show what one says.")
    letters.command("yanxiu_cli.dead_letters:replay", name="replay", help="再应用一次。Apply them again.")
    letters.command("yanxiu_cli.dead_letters:drop", name="drop", help="丢弃，须写理由。Drop them for a reason.")
    app.command(letters)


def _law(app: App) -> None:
    policy = App(name="policy", group=LAW, help="规则草案的预览与采纳。Previews of a draft law, and adoption.")
    policy.command("yanxiu_cli.policy:preview", name="preview", help="预览。Try a draft on the real data.")
    policy.command("yanxiu_cli.policy:adopt", name="adopt", help="采纳。Adopt a preview.")
    policy.command("yanxiu_cli.policy:export", name="export", help="导出 CSV。Write a preview to a CSV file.")
    app.command(policy)
    app.command("yanxiu_cli.cases:cases", name="cases", group=LAW, help="运行用例文件。Run case files.")
    app.command("yanxiu_cli.rules:app", name="rules", group=LAW, help="规则包与条款。Rule packs and clauses.")


def _version() -> str:
    from importlib.metadata import version

    return version("yanxiu")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command and leave with its exit code; an expected fault is one clear line, never a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal that lacks a letter is shown its number; the command goes on.
            stream.reconfigure(errors="backslashreplace")
    sys.exit(run(list(sys.argv[1:] if arguments is None else arguments)))


def run(arguments: list[str]) -> int:
    """Run the command and return its exit code: 0 done, 1 refused or failed, 2 called wrongly, 130 interrupted."""
    try:
        result = build()(arguments, exit_on_error=False, print_error=True, result_action="return_value")
    except Failed as failed:
        complain(str(failed))
        return failed.code
    except CycloptsError:
        return 2  # cyclopts has printed what is wrong
    except KeyboardInterrupt:
        return INTERRUPTED
    return result if isinstance(result, int) else 0


if __name__ == "__main__":
    main()
