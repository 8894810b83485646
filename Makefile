# The two commands are `make run` and `make test`. Both set up `.venv` themselves, from python3 (3.11+) alone.
PYTHON ?= python3
BIN := .venv/bin
.DEFAULT_GOAL := help
.PHONY: help setup run test suite checks-beside check schema mutants chaos lock bench clean

help: ## 列出命令 / list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## 准备 .venv（已是最新则不做事）/ set up .venv (nothing to do when current)
	@$(PYTHON) scripts/set_up.py

run: setup ## 启动演示平台 / start the platform with demonstration data
	@$(BIN)/yanxiu up --demo $(ARGS)

test: setup ## 全部检查和测试 / every check and every test
	@$(MAKE) --no-print-directory -j2 suite checks-beside

# Bytecode is kept: a platform's processes start more than a hundred times, and would each compile our sources anew.
suite:
	PYTHONDONTWRITEBYTECODE= $(BIN)/pytest -n auto --no-loadscope-reorder $(ARGS)

checks-beside:
	@$(BIN)/python scripts/check.py --yielding

check: setup ## 格式、风格、边界、类型、清单 / format, style, borders, types, manifests
	@$(BIN)/python scripts/check.py

schema: setup ## 重写三份契约快照 / write the contract snapshots anew
	$(BIN)/yanxiu schema

mutants: setup ## 变异试验：用例能否发现改错的规则 / what wrong rules no case notices
	@$(BIN)/yanxiu rules mutants $(sort $(dir $(wildcard plugins/*/pyproject.toml))) --to docs/mutants.md $(ARGS)

bench: setup ## 与对照系统比较速度 / measure beside a plain monolith (docs/performance.md)
	@$(BIN)/python -m bench $(ARGS)

chaos: setup ## 发送命令时制造故障（docs/reliability.md）/ faults while commands are sent; ARGS=bugs, ARGS=rollout
	@$(BIN)/python -m tests.chaos $(ARGS)

lock: setup ## 重新锁定依赖（带散列，不含地址）/ pin the dependencies anew (hashes, no addresses)
	$(BIN)/uv lock --upgrade $(ARGS)
	$(BIN)/uv export --quiet --no-header --no-emit-workspace --all-groups --no-group bench --format requirements-txt -o requirements.lock
	echo checkov | $(BIN)/uv pip compile --quiet --upgrade --generate-hashes --universal --python-version 3.11 --no-header --no-annotate - -o k8s/checkov.lock

clean: ## 删除 .venv 与缓存（不动 var/）/ remove .venv and caches (never var/)
	rm -rf .venv .pytest_cache .ruff_cache .hypothesis .import_linter_cache dist
