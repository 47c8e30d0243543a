//! Trouble on the way to a server that no second attempt mends: certificates, and the proxy's
//! password. Told by what the libraries below say of it, which a test holds them to.

/// A kind of trouble.
pub struct Trouble {
    /// The error's name.
    pub code: &'static str,
    /// What to do.
    pub help: &'static str,
}

/// What stands in a cause, and the trouble that it means.
const KNOWN: &[(&str, Trouble)] = &[
    (
        "UnknownIssuer",
        Trouble {
            code: "unknown-authority",
            help: "the certificate's issuer is not known to this machine: name its PEM file in `ca_file`",
        },
    ),
    (
        "not valid for name",
        Trouble {
            code: "wrong-certificate",
            help: "the server has a certificate for another name: write `url` with the name that it is for",
        },
    ),
    (
        "certificate expired",
        Trouble {
            code: "wrong-certificate",
            help: "the server's certificate must be renewed; or is this machine's clock wrong?",
        },
    ),
    (
        "certificate not valid yet",
        Trouble {
            code: "wrong-certificate",
            help: "the server's certificate holds later; or is this machine's clock wrong?",
        },
    ),
    (
        "fatal alert: CertificateRequired",
        Trouble {
            code: "client-certificate",
            help: "the server asks for a certificate: name a PEM file with it and its key in `client_certificate`",
        },
    ),
    ("fatal alert: UnknownCA", REFUSED),
    ("fatal alert: BadCertificate", REFUSED),
    ("fatal alert: CertificateUnknown", REFUSED),
    ("fatal alert: CertificateExpired", REFUSED),
    ("fatal alert: CertificateRevoked", REFUSED),
    ("fatal alert: AccessDenied", REFUSED),
    ("fatal alert: DecryptError", REFUSED),
    (
        "proxy authorization required",
        Trouble {
            code: "proxy-password",
            help: "the proxy asks for a password: set HTTPS_PROXY=http://USER:PASSWORD@HOST:PORT in the environment, and leave `proxy` out of the target's table",
        },
    ),
];

const REFUSED: Trouble = Trouble {
    code: "client-certificate",
    help: "the server does not accept the certificate in `client_certificate`: ask for one that it knows",
};

/// The trouble that a cause tells of. In all of it the request was not received: a server reads
/// nothing before it accepts the client's certificate.
#[must_use]
pub fn of(cause: &str) -> Option<&'static Trouble> {
    KNOWN.iter().find(|(part, _)| cause.contains(part)).map(|(_, trouble)| trouble)
}
