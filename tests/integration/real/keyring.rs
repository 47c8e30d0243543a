//! `login` and `logout` with a real Secret Service (gnome-keyring on a D-Bus session of the test's
//! own), and with WordPress's own page for application passwords.

use crate::{
    docs::commands::shell,
    harness::{
        program::Project,
        unique,
        wordpress::{Flavour, Role, Site},
    },
};

/// Unlocks a keyring that is only this session's, and ends it with the session.
const UNLOCK: &str = "\
mkdir -p $HOME/keyring && chmod 700 $HOME/keyring
export XDG_RUNTIME_DIR=$HOME/keyring
printf pw >$HOME/pw
gnome-keyring-daemon --foreground --unlock --components=secrets <$HOME/pw >$HOME/daemon.log 2>&1 &
daemon=$!
trap 'kill $daemon' EXIT
until dbus-send --session --print-reply --dest=org.freedesktop.DBus / org.freedesktop.DBus.NameHasOwner \\
  string:org.freedesktop.secrets 2>/dev/null | grep -q true; do sleep 0.1; done
";

/// A browser that logs in and approves, with the request that the page's own script sends.
const BROWSER: &str = r#"#!/bin/sh
site=${1%/wp-admin/*}
jar=$HOME/jar
curl -s -o $HOME/log-in.html -c $jar -b 'wordpress_test_cookie=WP%20Cookie%20check' \
  -d 'log=edith&pwd=edith-password&testcookie=1' $site/wp-login.php
curl -s -b $jar -o $HOME/page.html "$1"
grep -q 'name="app_name" value="crosspost"' $HOME/page.html || exit 1
nonce=$(sed -n 's/.*wpApiSettings = {[^}]*"nonce":"\([^"]*\)".*/\1/p' $HOME/page.html)
app=$(sed -n 's/.*name="app_id" value="\([^"]*\)".*/\1/p' $HOME/page.html)
curl -s -b $jar -H "X-WP-Nonce: $nonce" -d name=crosspost -d "app_id=$app" \
  $site/wp-json/wp/v2/users/me/application-passwords >$HOME/answer.json
sed -n 's/.*"password":"\([^"]*\)".*/\1/p' $HOME/answer.json >$HOME/made.new
mv $HOME/made.new $HOME/made
"#;

struct Session {
    project: Project,
    site: Site,
}

impl Session {
    fn new() -> Self {
        let site = Site::shared(Flavour::Wp71);
        let project = Project::with_config(&format!(
            "project = \"{}\"\n[targets.blog]\nkind = \"wordpress\"\nurl = \"{}\"\nuser = \"edith\"\naudience = \"public\"\n",
            unique("keyring"),
            site.url
        ));
        Self { project, site }
    }

    /// What a script says in a D-Bus session of its own.
    fn run(&self, setup: &str, script: &str) -> String {
        self.project.write("session.sh", format!("set -u\n{setup}{script}"));
        let output = shell(&self.project, "exec timeout 100 dbus-run-session -- sh session.sh 2>&1");
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success(), "{said}");
        said
    }
}

#[test]
fn a_password_that_a_browser_made_is_kept_used_and_removed() {
    let session = Session::new();
    session.project.write("bin/xdg-open", BROWSER);
    let script = "\
chmod +x bin/xdg-open
PATH=$PWD/bin:$PATH
export DISPLAY=:99
touch typescript
{ until grep -q 'not shown' typescript && [ -s $HOME/made ]; do sleep 0.1; done
  sleep 2 # the terminal throws away what is typed before its echo is off
  echo \"$(cat $HOME/made)\"; sleep 1; } | script -qfec 'crosspost login blog' typescript >/dev/null
cat typescript
echo \"MADE $(cat $HOME/made)\"
crosspost doctor blog
crosspost logout blog
crosspost logout blog
crosspost doctor blog || echo \"ENDED $?\"
";
    let said = session.run(UNLOCK, script);
    let (before, after) = said.split_once("MADE ").expect("a password was made");
    let (password, after) = after.split_once('\n').expect("a line");
    assert!(password.len() >= 24, "{said}");
    assert!(before.contains("/wp-admin/authorize-application.php?app_name=crosspost&app_id="), "{said}");
    assert!(before.contains("The password of `blog` is in this machine's keyring."), "{said}");
    assert!(!before.contains(password) && !after.contains(password), "{said}");
    let of_doctor = "its password comes from the keyring";
    assert_eq!(after.matches(of_doctor).count(), 1, "{said}");
    assert!(after.contains("logged in as edith, role: editor"), "{said}");
    assert!(after.contains("is gone from this machine's keyring"), "{said}");
    assert!(after.contains("There was nothing of `blog`"), "{said}");
    assert!(after.contains("no password for the target `blog`") && after.contains("ENDED 1"), "{said}");
}

#[test]
fn a_password_on_standard_input_is_tried_before_it_is_kept() {
    let mut session = Session::new();
    let password = session.site.user(Role::Editor).password;
    session.project.env("GIVEN", &password);
    let script = "\
echo 'wrong-s3cret wrong' | crosspost login blog || echo \"ENDED $?\"
crosspost logout blog
echo \"$GIVEN\" | crosspost login blog --with-token --format json
CROSSPOST_BLOG_PASSWORD=other crosspost login blog --no-input <<end
$GIVEN
end
crosspost publish --dry-run
";
    session.project.write("notes/a.md", "# A\n\nText.\n");
    let said = session.run(UNLOCK, script);
    assert!(said.contains("nothing was kept") && said.contains("ENDED 1"), "{said}");
    assert!(said.contains("There was nothing of `blog`"), "{said}");
    assert!(said.contains("\"kept\": [\n    \"password\"\n  ]"), "{said}");
    assert!(said.contains("`CROSSPOST_BLOG_PASSWORD` goes before the keyring"), "{said}");
    assert!(said.contains("1 to create"), "{said}");
    assert!(!said.contains(&password) && !said.contains("s3cret"), "{said}");
}

#[test]
fn a_keyring_that_was_never_set_up_says_what_to_do_instead() {
    let mut session = Session::new();
    session.project.env("GIVEN", &session.site.user(Role::Editor).password);
    let setup = "mkdir -p $HOME/keyring && chmod 700 $HOME/keyring && export XDG_RUNTIME_DIR=$HOME/keyring\n";
    let said = session.run(setup, "echo \"$GIVEN\" | crosspost login blog || echo \"ENDED $?\"\n");
    assert!(said.contains("locked, or was never set up") && said.contains("ENDED 1"), "{said}");
    assert!(
        said.contains("`CROSSPOST_BLOG_PASSWORD`") && said.contains("`CROSSPOST_BLOG_PASSWORD_FILE`"),
        "{said}"
    );
}

#[test]
fn a_machine_without_a_keyring_says_which_variable_to_set_and_where_the_password_is_made() {
    let session = Session::new();
    let run = session.project.run_with_input(&["login", "blog"], "abcd\n").expect(1);
    assert!(run.stderr.contains("this machine has no keyring"), "{}", run.transcript());
    assert!(run.stderr.contains("`CROSSPOST_BLOG_PASSWORD`"), "{}", run.transcript());
    assert!(
        run.stderr.contains("/wp-admin/authorize-application.php?app_name=crosspost"),
        "{}",
        run.transcript()
    );
}
