//! Two runs at once on one ledger: who is alive keeps its step, who has slept too long loses it.

use std::{sync::Arc, time::Duration};

use crosspost::plan::decide::OnDrift;

use super::{
    effects::{Effects, Trouble},
    memory::Memory,
    model::{Kind, Model},
    world::{End, When, World},
};

const NOTE: &str = "notes/week.md";
const TIMEOUT: Duration = Duration::from_millis(60);
/// Longer than a lease, which is half as long again as the time-out.
const ASLEEP: Duration = Duration::from_millis(120);

fn world(blog: &Model) -> World {
    let (target, opened) = (blog.clone(), blog.clone());
    let world = World::new(Box::new(Memory::default()));
    let world = world.target(Arc::new(target), Box::new(move || Box::new(opened.clone())));
    world.notes.write(NOTE, "---\ntitle: Week\n---\n\nWords.\n\n![A picture](one.png)\n");
    world
}

#[tokio::test]
async fn a_run_that_slept_through_its_lease_sends_nothing_once_another_has_taken_over() {
    for at in 0.. {
        let blog = Model::new("blog", Kind::Askable, None).with_timeout(TIMEOUT);
        let world = world(&blog);
        let effects = Effects::with(at, Trouble::StopBefore);
        let other = async || {
            // A process that is suspended does nothing at all meanwhile: not even its timers.
            std::thread::sleep(ASLEEP);
            world.heal(OnDrift::Fail).await.unwrap();
        };
        let plan = world.publish_while(&effects, other).await.unwrap();
        assert_eq!(blog.state().posts.len(), 1, "held at effect {at}: {:#?}", plan.steps);
        world.heal(OnDrift::Fail).await.unwrap();
        assert_eq!(blog.state().posts.len(), 1, "held at effect {at}");
        assert!(!world.has_intents().await, "held at effect {at}");
        if effects.seen().len() <= at {
            assert!(at > 8, "every effect was tried: {:?}", effects.seen());
            break;
        }
    }
}

#[tokio::test]
async fn the_step_of_a_living_run_is_not_taken_over() {
    for at in 0.. {
        let blog = Model::new("blog", Kind::Askable, None);
        let world = world(&blog);
        let effects = Effects::with(at, Trouble::StopBefore);
        let other = async || {
            let End::Finished(Ok(plan)) =
                world.publish(&Effects::untroubled(), When::Now, OnDrift::Fail).await
            else {
                panic!("the other run comes to its end");
            };
            let begun = effects.seen().iter().filter(|name| **name == "commit").count() > 1;
            let ended = effects.seen().contains(&"create") && *effects.seen().last().unwrap() != "create";
            if begun && !ended {
                assert!(plan.steps[0].is_busy(), "held at effect {at}: {:#?}", plan.steps);
            }
        };
        let plan = world.publish_while(&effects, other).await.unwrap();
        assert_eq!(blog.state().posts.len(), 1, "held at effect {at}: {:#?}", plan.steps);
        if effects.seen().len() <= at {
            break;
        }
    }
}
