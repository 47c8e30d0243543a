//! Headers and footers as the configuration has them.

use std::sync::Arc;

use toml::Spanned;

use super::{table::Places, text::ConfigText};
use crate::{
    error::{Error, Place, Result},
    note::Audience,
    render::{
        frame::{self, Template},
        links::InternalHosts,
    },
    targets::Target,
};

/// A template that can be filled in. What is wrong with it is told with its line in the configuration.
pub(super) fn read(source: &ConfigText, value: &Spanned<String>) -> Result<Template> {
    let place = |line: u32| Places(source).line_of(value, line);
    let template = Template::new(value.get_ref()).map_err(|wrong| wrong.error.at(place(wrong.line)))?;
    frame::tried(&template).map_err(|error| error.at(place(1)))?;
    Ok(template)
}

/// No header or footer shows the public an internal host: every note there would be refused.
pub(super) fn check(source: &ConfigText, targets: &[Arc<dyn Target>], hosts: &InternalHosts) -> Result<()> {
    for common in targets.iter().map(|target| target.common()).filter(|c| c.audience == Audience::Public) {
        for template in common.frame.header.iter().chain(&common.frame.footer) {
            let Some(line) = template.source().lines().find(|line| hosts.mentions(line).is_some()) else {
                continue;
            };
            let table = source.text.find(&format!("[targets.{}]", common.name)).unwrap_or(0);
            let at = source.text.get(table..).and_then(|rest| rest.find(line)).map(|at| table + at);
            let name = &common.name;
            let told = format!("a header or footer of the public target `{name}` names an internal host");
            return Err(Error::invalid(told)
                .code("internal-host")
                .at(at.map_or_else(|| Place::file(&source.shown), |at| source.place(at)))
                .help("take the address out: the public would read it under every note"));
        }
    }
    Ok(())
}
