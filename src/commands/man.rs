//! `man`: the manual pages, made from the same types as the command line.

use std::path::Path;

use clap::CommandFactory as _;

use super::output::Output;
use crate::{
    cli::{self, Cli},
    error::{Error, Result},
};

/// `crosspost man`
pub fn man(args: &cli::Man, output: &Output) -> Result<u8> {
    match &args.out {
        None => {
            let mut page = Vec::new();
            clap_mangen::Man::new(Cli::command()).render(&mut page).map_err(|e| trouble(None, &e))?;
            output.result(&String::from_utf8_lossy(&page));
        }
        Some(folder) => {
            let write = || {
                std::fs::create_dir_all(folder)?;
                clap_mangen::generate_to(Cli::command(), folder)
            };
            write().map_err(|e| trouble(Some(folder), &e))?;
            output.result(&format!("Wrote the manual pages to {}.\n", folder.display()));
        }
    }
    Ok(0)
}

fn trouble(folder: Option<&Path>, cause: &std::io::Error) -> Error {
    let error = Error::failed("the manual page cannot be written").cause(cause);
    match folder {
        Some(folder) => error.detail("folder", folder.display().to_string()),
        None => error,
    }
}
