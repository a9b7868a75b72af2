//! `fishpond simulate`: the order files of a half-year, made up and labelled so.

use std::process::ExitCode;

use ::simulate::{Simulation, bench_file, simulate};
use kernel::{Lang, Money, Refusal};
use people::places::Places;
use programme::Programme;

use crate::cli::{Settings, Simulate};
use crate::terminal::{progress_bar, say, say_json};
use crate::world;

/// Name of the one file that `--clean` writes.
const CLEAN_FILE: &str = "platform.SIMULATED.csv";

/// Runs it, without a data folder.
///
/// # Errors
/// What the simulation is refused for.
pub fn run(settings: &Settings, wanted: &Simulate) -> Result<ExitCode, Refusal> {
    let programme = Programme::built_in().map_err(|findings| programme::as_refusal(&findings))?;
    let lang = world::lang(settings);
    world::make_folder(&wanted.out)?;
    if wanted.clean {
        let file = bench_file(
            &wanted.out.join(CLEAN_FILE),
            wanted.lines,
            wanted.seed,
            &programme,
            Places::national(),
        )?;
        if settings.json {
            say_json(&file)?;
        } else {
            say(format!(
                "{} · {} · {}",
                file.file,
                file.lines_accepted,
                Money::from_fen(file.net_fen)
            ));
        }
        return Ok(ExitCode::SUCCESS);
    }
    let bar = progress_bar(wanted.out.display().to_string());
    let simulation = Simulation {
        seed: wanted.seed,
        lines: wanted.lines,
        clean: false,
    };
    let simulated = simulate(
        &simulation,
        &programme,
        Places::national(),
        &wanted.out,
        &mut |done, total| {
            bar.set_length(total);
            bar.set_position(done);
        },
    )?;
    bar.finish_and_clear();
    if settings.json {
        say_json(&simulated)?;
    } else {
        let (files, net) = (simulated.files.len(), Money::from_fen(simulated.net_fen));
        say(match lang {
            Lang::Zh => format!(
                "模拟数据：{files} 个文件，{} 行，净额 {net} 元，在 {}",
                simulated.lines,
                wanted.out.display()
            ),
            Lang::En => format!(
                "simulated: {files} files, {} lines, net {net} yuan, in {}",
                simulated.lines,
                wanted.out.display()
            ),
        });
    }
    Ok(ExitCode::SUCCESS)
}
