//! `doctor`: finds out why publishing does not work, and changes nothing.

mod clock;
mod house;

use futures_util::StreamExt as _;

use super::{output::Output, project::Project};
use crate::{
    cli::{self, Format, Global},
    error::Result,
    report::doctor::{self, Section},
    secrets::Secrets,
    targets::{
        DRIVERS, Target,
        diagnosis::{Diagnosis, Grade},
    },
};

use clock::Clocks;

/// Targets that are asked at once.
const AT_ONCE: usize = 8;

/// `crosspost doctor`
pub async fn doctor(global: &Global, args: &cli::Doctor, output: &Output) -> Result<u8> {
    let project = Project::open(global, None)?;
    let targets = project.targets(&args.targets)?;
    let secrets = Secrets::new(&project.config.project);
    let clocks = Clocks::watch();
    let mut sections = Vec::new();
    tell(&mut sections, house::configuration(&project)?, output);
    tell(&mut sections, house::ledger(&project).await, output);
    tell(&mut sections, house::repository(&project), output);
    let looks = targets.iter().map(|target| look(&**target, &secrets));
    let mut looks = futures_util::stream::iter(looks).buffered(AT_ONCE);
    while let Some(section) = looks.next().await {
        tell(&mut sections, section, output);
    }
    if let Some(section) = clocks.section() {
        tell(&mut sections, section, output);
    }
    match output.format {
        Format::Json => output.result(&doctor::json(&sections)),
        Format::Human | Format::Github | Format::Markdown => output.result(&doctor::verdict(&sections)),
    }
    Ok(u8::from(doctor::count(&sections, Grade::Bad) > 0))
}

/// Shows a section as soon as it is known: a dead server may take a while.
fn tell(sections: &mut Vec<Section>, section: Section, output: &Output) {
    if output.format == Format::Human {
        output.result(&doctor::section(&section, output.style));
    }
    sections.push(section);
}

async fn look(target: &dyn Target, secrets: &Secrets) -> Section {
    let mut findings = origins(target, secrets);
    match target.connect(secrets) {
        Ok(writer) => findings.extend(writer.diagnose().await),
        Err(error) => findings.push(Diagnosis::from(&error)),
    }
    Section { name: format!("target {}", target.common().name), place: target.location(), findings }
}

/// Where its secrets come from: an old variable that goes before the keyring is easily overlooked.
fn origins(target: &dyn Target, secrets: &Secrets) -> Vec<Diagnosis> {
    let name = &target.common().name;
    let driver = DRIVERS.iter().find(|driver| driver.kind() == target.kind());
    let known = driver.map(|driver| driver.secrets()).unwrap_or_default();
    let found = known.iter().filter_map(|(secret, _)| Some((secret, secrets.origin(name, secret)?)));
    found.map(|(secret, origin)| Diagnosis::good(format!("its {secret} comes from {origin}"))).collect()
}
