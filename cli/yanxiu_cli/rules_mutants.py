"""`yanxiu rules mutants`: what of a pack's formulas and parameters could be wrong without any of its cases noticing."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from yanxiu_rulekit.errors import CaseRefused, PackRefused
from yanxiu_rulekit.mutants.report import LEAST, TITLE, mutants_page
from yanxiu_rulekit.mutants.run import Tally, run_mutants
from yanxiu_rulekit.standin import standing_in

from yanxiu_cli.console import complain, say
from yanxiu_cli.failed import Failed


def mutants(
    path: Path,
    *others: Path,
    sample: int | None = None,
    jobs: int | None = None,
    to: Annotated[Path | None, Parameter(show_default=False)] = None,
) -> int:
    """逐处改错公式和参数，看用例能否发现；不到百分之九十五则退出码为 1。Try wrong formulas and parameters on the cases.

    每次只改一处：数值加减一个末位、比较换向、表中两行互换、日期移一天、漏掉一步等。列出没有用例发现的。
    One change at a time; those that no case notices are listed, and fewer than 95 % noticed is exit code 1.

    Parameters
    ----------
    path
        规则包目录（pyproject.toml 所在处）。The folder of the pack, where its pyproject.toml stands.
    others
        其他规则包目录。Folders of further packs.
    sample
        每包只试这么多处，每次相同。Try only so many in each pack, the same ones every time.
    jobs
        同时用几个进程。How many processes at once.
    to
        把汇总表写到这个文件。The file to write the table to.
    """
    tested = [_tested(folder, sample, jobs) for folder in (path, *others)]
    for one in tested:
        _tell(one)
    if to is not None:
        to.write_text(mutants_page(tested), encoding="utf-8")
    return 0 if all(one.rate >= LEAST and not one.idle_excuses for one in tested) else 1


def _tested(folder: Path, sample: int | None, jobs: int | None) -> Tally:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("未发现 survived {task.fields[survived]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task(folder.name, total=None, survived=0)

        def progress(done: int, whole: int, survived: int) -> None:
            shown.update(task, completed=done, total=whole, survived=survived)

        try:
            with standing_in(folder):  # it need not be installed
                return run_mutants(folder, sample=sample, jobs=jobs or os.cpu_count(), progress=progress)
        except (PackRefused, CaseRefused) as error:
            raise Failed(f"不能试验：{error}", f"cannot be tested: {error}") from None


def _tell(tested: Tally) -> None:
    for verdict in tested.of("survived"):
        say(str(verdict.mutant))
    for key in tested.idle_excuses:
        complain(f"{tested.jurisdiction}: 多余的等价说明 / an excuse that no mutant needs: {key}")
    for zh, en, names in (
        ("参数没有试（没有用例读取）", "parameters not tried (no case reads them)", tested.untried_parameters),
        ("公式没有试（裁定用不到）", "functions not tried (no decision reaches them)", tested.untried_functions),
    ):
        if names:
            say(f"{tested.jurisdiction}: {len(names)} 个{zh} / {len(names)} {en}: {', '.join(names)}")
    figures = "，".join(f"{zh} {len(tested.of(outcome))}" for outcome, (zh, _) in TITLE.items())
    english = ", ".join(f"{en} {len(tested.of(outcome))}" for outcome, (_, en) in TITLE.items())
    tried = f"{len(tested.verdicts)}/{tested.whole}"
    say(f"{tested.jurisdiction}: {tried} 处 mutants：{figures}；{tested.rate:.2f} % ({english})")
