//! Notes with a date to come, where the target cannot hold them back: the next run after it.

use std::time::Duration;

use jiff::{Timestamp, ToSpan as _};

use crate::harness::program::Project;

#[test]
fn a_note_with_a_date_to_come_goes_out_with_the_first_run_after_it() {
    let project = Project::with_config(
        "project = \"later\"\n[targets.pages]\nkind = \"folder\"\naudience = \"public\"\n",
    );
    let date = Timestamp::now() + 4.seconds();
    project.write("notes/later.md", format!("---\ntitle: Later\ndate: {date:.0}\n---\n\nWords.\n"));
    let run = project.run(&["publish"]).expect(0);
    assert!(run.stdout.contains("waits until 20"), "{}", run.transcript());
    assert!(project.files("crosspost-out").is_empty(), "nothing is there before its time");
    std::thread::sleep(Duration::from_secs(5));
    let run = project.run(&["publish"]).expect(0);
    assert!(run.stdout.contains("1 created"), "{}", run.transcript());
    let run = project.run(&["publish"]).expect(0);
    assert!(run.stdout.contains("1 unchanged"), "{}", run.transcript());
}
