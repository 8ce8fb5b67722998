#!/usr/bin/env bash
# Packs Holdfast, installs the tarball in an empty folder as a user would, and there type-checks a model and checks it.
# Needs `npm ci` to have run. Leaves nothing behind, dist/ included.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
root=$PWD
# The Node of this repository comes first, for npm, tsc and the installed command alike.
export PATH="$root/node_modules/.bin:$PATH"

fail() {
  printf 'check-package: %s\n' "$*" >&2
  exit 1
}

temp=$(mktemp -d)
trap 'rm -rf -- "$temp" "$root/dist"' EXIT

# prepack would build too, but not where scripts are switched off; built here, the tarball does not depend on that.
npm run build
npm run build:page
npm pack --silent --ignore-scripts --pack-destination "$temp"
tarball=$(find "$temp" -name 'holdfast-*.tgz')
[ -f "$tarball" ] || fail 'npm pack made no tarball'

files=$(tar -tzf "$tarball" | sed 's|^package/||' | sort)
for file in dist/index.js dist/index.d.ts dist/main.js assets/report.html bin/holdfast.js package.json README.md LICENSE; do
  grep -qxF -- "$file" <<<"$files" || fail "the tarball lacks $file"
done
strange=$(grep -vE '^(dist/.+\.(js|d\.ts)|assets/report\.html|bin/holdfast\.js|package\.json|README\.md|LICENSE|CHANGELOG\.md)$' <<<"$files" || true)
[ -z "$strange" ] || fail "the tarball holds what it should not:"$'\n'"$strange"

version() { node -p "require('./package.json').devDependencies['$1']"; }
packages=("$tarball" "xstate@$(version xstate)" "typescript@$(version typescript)")

mkdir "$temp/user"
cp scripts/package/lost-update.ts scripts/package/race.test.ts "$temp/user/"
# the first model of the README, as a reader would copy it
awk '/^```ts$/ { inside = 1; next } /^```$/ && inside { exit } inside' README.md >"$temp/user/race.ts"
cd "$temp/user"
cat >package.json <<'JSON'
{ "name": "user", "version": "1.0.0", "private": true, "type": "module" }
JSON
cat >tsconfig.json <<'JSON'
{
  "compilerOptions": {
    "target": "es2024",
    "module": "nodenext",
    "strict": true,
    "verbatimModuleSyntax": true,
    "erasableSyntaxOnly": true,
    "types": [],
    "allowImportingTsExtensions": true,
    "noEmit": true
  },
  "include": ["*.ts", "fresh"]
}
JSON
npm install --ignore-scripts --prefer-offline --no-package-lock --no-audit --no-fund "${packages[@]}"
# The folder's own commands before those of the repository, which stay for node.
export PATH="$PWD/node_modules/.bin:$PATH"
printf 'node %s, tsc %s\n' "$(node --version)" "$(tsc --version)"

# Those who test with neither vitest nor fast-check need not have them; for the others those of the repository stand in.
[ ! -e node_modules/vitest ] && [ ! -e node_modules/fast-check ] || fail 'an optional package is installed without having been asked for'
node -e "import('holdfast')"
ln -s "$root/node_modules/vitest" node_modules/vitest
ln -s "$root/node_modules/fast-check" node_modules/fast-check

# and what it writes for beginners
holdfast init fresh >init.txt && grep -qxF '  fresh/models/race.ts' init.txt || fail 'holdfast init does not say what it writes'

# Once with our declarations checked, once as strict as users may be (xstate's own declarations do not pass that).
tsc -p .
tsc -p . --exactOptionalPropertyTypes --noUncheckedIndexedAccess --skipLibCheck

# run <exit code> <text> <arguments...>: the installed command must end so and say so.
run() {
  local code=$1 text=$2 status=0 output
  shift 2
  output=$(holdfast "$@" 2>&1 </dev/null) || status=$?
  printf '$ holdfast %s\n%s\n' "$*" "$output"
  [ "$status" -eq "$code" ] || fail "holdfast $* ended with $status, expected $code"
  grep -qF -- "$text" <<<"$output" || fail "holdfast $* does not say: $text"
}

run 0 'lost-update' list lost-update.ts
run 0 'every addition counts' check lost-update.ts

run 1 '"no update is lost" violated after 4 steps' check race.ts

# The race is found, not taken on trust: where nothing else is expected of it, it fails the check.
sed "s/, expect: {[^}]*}//" lost-update.ts >unexpected.ts
! cmp -s lost-update.ts unexpected.ts || fail 'nothing was taken out of lost-update.ts'
run 1 'violated' check unexpected.ts

run 0 '2 as expected' check fresh/models
run 3 'random runs prove nothing' simulate fresh/models
vitest run

# The page of the report is in the package, and what it takes to make one.
run 0 'lost-update' check lost-update.ts --html report.html
grep -qF '"name":"lost-update"' report.html || fail 'report.html has no report'

printf 'check-package: the package installs, type-checks and runs\n'
