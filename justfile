# Short names for what is done every day. `just` is a convenience: each line works without it.

# list the recipes
default:
    @just --list

# simulate, import, compute, write the report, and serve it
demo:
    cargo run -- demo

# every test this machine can run
test:
    cargo xtask test

# format and lint
lint:
    cargo fmt --all
    cargo clippy --workspace --all-targets -- -D warnings
    cargo xtask tidy

# docs/errors.md from locales/errors.toml
errors:
    cargo xtask errors

# beside DuckDB and Polars; see docs/benchmarks.md
bench:
    cargo xtask bench intake
    cargo xtask bench report

# everything a change must pass
ci:
    .ci/run
