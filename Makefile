# Every target is one command that works on a machine with Go and nothing else, unless it says so.

GO ?= go
LINT = $(GO) run github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0

.PHONY: test race smoke guide defect-matrix soak picture lint tidy bench fuzz sample-app sample-app-check sample-app-test clients headset
# A number of inputs, not a time: with a time, go test now and then reports its
# own deadline as a failure.
FUZZTIME ?= 20000x
SEEDS ?= 200

test: ## all tests
	$(GO) test ./...

race: ## all tests under the race detector (needs a C compiler)
	$(GO) test -race -timeout 40m ./...

smoke: ## the smoke scenarios on a virtual phone
	$(GO) run ./harness/cmd/ringproof run --tag smoke

guide: ## the same scenarios on the app built literally from the guide: red when one of them does not fail
	@said=$$($(GO) run ./harness/cmd/ringproof run --tag smoke --app guide); echo "$$said"; \
	  echo "$$said" | tail -n 1 | grep -Eq '^[0-9]+ failed, in '

defect-matrix: ## every defect against every scenario; the table is reports/out/defect-matrix.md
	$(GO) run ./harness/cmd/ringproof defects matrix --out reports/out/defect-matrix.md

clients: ## other people's adb clients, for the tests of devices/virtual/clients (needs npm and python3 with venv)
	npm ci --silent --no-audit --no-fund --prefix devices/virtual/clients/node
	python3 -m venv devices/virtual/clients/python/.venv
	devices/virtual/clients/python/.venv/bin/pip install --quiet --disable-pip-version-check --require-hashes --only-binary=:all: -r devices/virtual/clients/python/requirements.txt

headset: ## Bumble, for headsets that are a program and their tests (needs python3 with venv, 3.11 or newer)
	[ -x harness/gear/bumble/.venv/bin/pip ] || python3 -m venv harness/gear/bumble/.venv
	harness/gear/bumble/.venv/bin/pip install --quiet --disable-pip-version-check --no-deps --require-hashes --only-binary=:all: -r harness/gear/bumble/requirements.txt

picture: ## the README's picture: a page of a real run, in a headless Chromium
	@d=$$(mktemp -d) && trap 'rm -rf "$$d"' EXIT && export TMPDIR=$$d && \
	  { $(GO) run ./harness/cmd/ringproof run --app guide --guide-fixed 1,2,3,4,5,6 --scenario locked-fullscreen --report $$d/record || true; } && \
	  $(GO) run ./harness/cmd/ringproof report show html $$d/record -o $$d/pages && \
	  chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --user-data-dir=$$d/profile --window-size=1280,1560 \
	    --screenshot=$$PWD/reports/example.png file://$$d/pages/attempt-1.html 2>/dev/null

soak: ## the catalogue on the reference app with SEEDS seeds: red when anything is not green
	$(GO) run ./harness/cmd/ringproof soak --seeds $(SEEDS)

lint: ## vet and linters; the linters are run at a fixed version, outside go.mod
	$(GO) vet ./...
	$(LINT) run ./...

tidy: ## fails when go.mod or go.sum is not what the code needs
	$(GO) mod tidy -diff

bench: ## benchmarks beside their floors
	$(GO) test -run '^$$' -bench . -benchmem ./devices/adb ./harness/dumpsys/...

fuzz: ## each fuzz target for FUZZTIME
	@$(GO) list ./... | while read -r p; do \
	  for f in $$($(GO) test -list '^Fuzz' "$$p" | grep '^Fuzz'); do \
	    echo "$$p $$f"; $(GO) test -run '^$$' -fuzz "^$$f$$" -fuzztime $(FUZZTIME) "$$p" || exit 1; \
	  done; \
	done

sample-app: ## the sample apps' APKs (needs Debian 12's Android tools and JDK 17, or an SDK; it says what is missing)
	sample-app/build.sh

sample-app-check: ## the committed APKs are what the sources make, and say what they should
	sample-app/tools/check.sh

sample-app-test: ## the apps' real classes under Robolectric: rows, flaws, vectors (needs what sample-app needs, and Maven)
	sample-app/tests/run.sh
