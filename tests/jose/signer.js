// Prints keys and tokens as JSON: the JWK Sets `jwks` and `rotated`, and tokens by name:
// `good` ones, `bad` ones that nobody may accept, by the reason, and `other` ones that each
// test knows.
// The argument has the claims of a good token, as JSON; the times are added.
import crypto from 'node:crypto';
import * as jose from 'jose';

const base = JSON.parse(process.argv[2]);
const now = Math.floor(Date.now() / 1000);
const encode = (value) => Buffer.from(value).toString('base64url');

function claims(changes = {}) {
  const all = { ...base, iat: now, nbf: now, exp: now + 3600, ...changes };
  return Object.fromEntries(
      Object.entries(all).filter(([, value]) => value !== undefined));
}

async function makeKey(alg, kid) {
  const pair = await jose.generateKeyPair(alg, { extractable: true });
  return { alg, kid, ...pair, jwk: { ...(await jose.exportJWK(pair.publicKey)), kid } };
}

const sign = (key, changes, header = {}) =>
  new jose.SignJWT(claims(changes))
      .setProtectedHeader({ alg: key.alg, kid: key.kid, typ: 'JWT', ...header })
      .sign(key.privateKey);

// For payloads that no library writes; they are signed rightly.
async function signText(key, payload, header = {}) {
  return new jose.CompactSign(Buffer.from(payload))
      .setProtectedHeader({ alg: key.alg, kid: key.kid, ...header })
      .sign(key.privateKey);
}

const rsa = await makeKey('RS256', 'rsa');
const ec = await makeKey('ES256', 'ec');
const ed = await makeKey('EdDSA', 'ed');
const others = {
  rsa: await makeKey('RS256', 'rsa'),
  ec: await makeKey('ES256', 'ec'),
  ed: await makeKey('EdDSA', 'ed'),
};
const rotated = await makeKey('ES256', 'next');

const good = {
  rs256: await sign(rsa),
  es256: await sign(ec),
  eddsa: await sign(ed),
  at_jwt: await sign(ec, {}, { typ: 'at+jwt' }),
  several_audiences: await sign(ec, { aud: ['other', base.aud] }),
  scopes_as_a_list: await sign(ec, { scope: base.scope.split(' ') }),
  expired_within_the_leeway: await sign(ed, { exp: now - 5 }),
  valid_soon: await sign(ed, { nbf: now + 30, iat: now + 30 }),
  without_nbf_and_iat: await sign(ec, { nbf: undefined, iat: undefined }),
};

const [header, payload, signature] = good.es256.split('.');
const edParts = good.eddsa.split('.');
const asJson = JSON.stringify(claims());

// A secret that everybody has: the public key.
const pem = await jose.exportSPKI(rsa.publicKey);
const hmac = (alg, kid, secret) =>
  new jose.SignJWT(claims()).setProtectedHeader({ alg, kid }).sign(Buffer.from(secret));

// The signature of ECDSA as DER, which is not the form of JWS.
function derSignature() {
  const der = crypto.sign('sha256', Buffer.from(`${header}.${payload}`),
                          crypto.KeyObject.from(ec.privateKey));
  return `${header}.${payload}.${der.toString('base64url')}`;
}

function changedBit(part) {
  const bytes = Buffer.from(part, 'base64url');
  bytes[10] ^= 1;
  return bytes.toString('base64url');
}

const withHeader = (fields) => `${encode(JSON.stringify(fields))}.${payload}`;
// EdDSA by hand: `jose` refuses to write such headers.
function signEd(fields, body = asJson) {
  const text = `${encode(fields)}.${encode(body)}`;
  return `${text}.${crypto.sign(null, Buffer.from(text),
                                crypto.KeyObject.from(ed.privateKey))
      .toString('base64url')}`;
}
const edHeader = '{"alg":"EdDSA","kid":"ed"}';
const withClaim = (name, json) =>
  asJson.replace(new RegExp(`"${name}":[^,}]*`), `"${name}":${json}`);
const rsaSigned = (alg) => new jose.SignJWT(claims())
    .setProtectedHeader({ alg, kid: 'rsa' });
const pkcs8 = await jose.exportPKCS8(rsa.privateKey);

// By the reason for which they are refused, as the metric of the gateway names it.
const bad = {
  unknown_key: {
    alg_none: `${withHeader({ alg: 'none' })}.`,
    kid_unknown: await sign(ec, {}, { kid: 'nobody' }),
    kid_missing: await sign(ec, {}, { kid: undefined }),
    kid_a_path: await sign(ec, {}, { kid: '../../dev/null' }),
    key_not_published_yet: await sign(rotated),
  },
  algorithm: {
    alg_none_with_kid: `${withHeader({ alg: 'none', kid: 'ec' })}.`,
    alg_none_with_signature: `${withHeader({ alg: 'none', kid: 'ec' })}.${signature}`,
    alg_in_other_letters: signEd('{"alg":"eddsa","kid":"ed"}'),
    alg_of_another_key: signEd('{"alg":"EdDSA","kid":"ec"}'),
    hs256_with_the_public_key: await hmac('HS256', 'rsa', pem),
    hs256_with_the_modulus: await hmac('HS256', 'rsa', rsa.jwk.n + 'A'.repeat(32)),
    hs256_with_nothing: await hmac('HS256', 'ec', '\0'.repeat(32)),
    hs512_with_the_public_key: await hmac('HS512', 'rsa', pem),
    rs384: await rsaSigned('RS384').sign(await jose.importPKCS8(pkcs8, 'RS384')),
    ps256: await rsaSigned('PS256').sign(await jose.importPKCS8(pkcs8, 'PS256')),
    kid_of_another: await sign(ec, {}, { kid: 'ed' }),
  },
  malformed: {
    alg_missing: signEd('{"kid":"ed"}'),
    kid_a_number: signEd('{"alg":"EdDSA","kid":1}'),
    header_member_twice: signEd('{"alg":"none","alg":"EdDSA","kid":"ed"}'),
    header_not_json: `${encode('alg=EdDSA')}.${edParts[1]}.${edParts[2]}`,
    claim_twice: signEd(edHeader, asJson.replace('{', '{"sub":"admin",')),
    claim_twice_escaped: signEd(edHeader, asJson.replace('{', '{"su\\u0062":"admin",')),
    claims_after_a_nul: signEd(edHeader, `${asJson}\0{}`),
    claims_with_more_behind: signEd(edHeader, `${asJson}{}`),
    claims_a_list: signEd(edHeader, `[${asJson}]`),
    claims_not_utf8: signEd(edHeader, Buffer.from(
        asJson.replace('{', '{"x":"\xC3",'), 'latin1')),
    claims_deep: signEd(edHeader, asJson.replace(
        '{', `{"x":${'['.repeat(500)}${']'.repeat(500)},`)),
    // Of 85 characters, which no bytes have.
    signature_short: good.es256.slice(0, -1),
    signature_padded: `${good.eddsa}==`,
    signature_in_plain_base64: await plainBase64(),
    cut_in_the_payload: good.es256.slice(0, good.es256.length / 2),
    without_the_signature: `${header}.${payload}`,
    a_dot_more: `${good.es256}.`,
    a_dot_before: `.${good.es256}`,
    a_part_more: `${good.es256}.${signature}`,
    header_empty: `.${payload}.${signature}`,
    payload_empty: `${header}..${signature}`,
    only_dots: '..',
    nested: await signText(ec, good.es256, { cty: 'JWT' }),
    encrypted: await new jose.EncryptJWT(claims())
        .setProtectedHeader({ alg: 'dir', enc: 'A128CBC-HS256' })
        .encrypt(Buffer.alloc(32)),
    in_json_form: JSON.stringify(await new jose.FlattenedSign(Buffer.from(asJson))
        .setProtectedHeader({ alg: 'ES256', kid: 'ec' }).sign(ec.privateKey)),
  },
  signature: {
    key_of_another_rsa: await sign(others.rsa),
    key_of_another_ec: await sign(others.ec),
    key_of_another_ed: await sign(others.ed),
    key_in_the_header: await sign(others.ec, {}, { jwk: others.ec.jwk }),
    key_by_url: await sign(others.ec, {}, { jku: 'https://evil.example.com/jwks' }),
    payload_changed: `${header}.${encode(asJson.replace(base.sub, 'admin'))}.${signature}`,
    signature_changed: `${header}.${payload}.${changedBit(signature)}`,
    signature_changed_ed: `${edParts[0]}.${edParts[1]}.${changedBit(edParts[2])}`,
    signature_in_der: derSignature(),
    signature_of_another: `${header}.${payload}.${edParts[2]}`,
    signature_zero: `${header}.${payload}.${encode(Buffer.alloc(64))}`,
    signature_empty: `${header}.${payload}.`,
  },
  expired: {
    expired: await sign(ec, { exp: now - 70 }),
  },
  not_yet_valid: {
    not_yet_valid: await sign(ec, { nbf: now + 120 }),
    issued_in_the_future: await sign(ec, { iat: now + 120 }),
  },
  issuer: {
    issuer_wrong: await sign(ec, { iss: `${base.iss}/` }),
    issuer_missing: await sign(ec, { iss: undefined }),
    issuer_a_list: await sign(ec, { iss: [base.iss] }),
  },
  audience: {
    audience_wrong: await sign(ec, { aud: 'other' }),
    audience_missing: await sign(ec, { aud: undefined }),
    audience_empty: await sign(ec, { aud: [] }),
    audience_an_object: await sign(ec, { aud: { [base.aud]: true } }),
  },
  claims: {
    exp_missing: await sign(ec, { exp: undefined }),
    exp_a_text: signEd(edHeader, withClaim('exp', `"${now + 3600}"`)),
    exp_a_fraction: signEd(edHeader, withClaim('exp', `${now + 3600}.5`)),
    exp_an_exponent: signEd(edHeader, withClaim('exp', '2e9')),
    exp_huge: signEd(edHeader, withClaim('exp', '9'.repeat(30))),
    exp_beyond_the_calendar: signEd(edHeader, withClaim('exp', '1e300')),
    exp_negative: signEd(edHeader, withClaim('exp', '-1')),
    exp_null: signEd(edHeader, withClaim('exp', 'null')),
    nbf_a_text: signEd(edHeader, withClaim('nbf', '"0"')),
    subject_missing: await sign(ec, { sub: undefined }),
    subject_empty: await sign(ec, { sub: '' }),
    subject_a_number: signEd(edHeader, withClaim('sub', '7')),
    subject_long: await sign(ec, { sub: 'x'.repeat(321) }),
    subject_with_a_line_end: await sign(ec, { sub: 'a\nb' }),
    name_missing: await sign(ec, { email: undefined }),
    name_not_verified: await sign(ec, { email_verified: false }),
    scopes_a_number: await sign(ec, { scope: 7 }),
  },
  tenant: {
    tenant_unknown: await sign(ec, { org: 'nobody' }),
    tenant_missing: await sign(ec, { org: undefined }),
    tenant_a_list: await sign(ec, { org: [base.org] }),
  },
  critical: {
    critical: signEd('{"alg":"EdDSA","kid":"ed","crit":["exp"],"exp":1}'),
    critical_unencoded: signEd('{"alg":"EdDSA","kid":"ed","crit":["b64"],"b64":true}'),
  },
  type: {
    type_of_a_logout_token: await sign(ec, {}, { typ: 'logout+jwt' }),
  },
};

// Signed until its signature has a character that base64url does not know.
async function plainBase64() {
  for (;;) {
    const parts = (await sign(ec)).split('.');
    const plain = parts[2].replaceAll('-', '+').replaceAll('_', '/');
    if (plain !== parts[2]) return `${parts[0]}.${parts[1]}.${plain}`;
  }
}

const other = {
  no_scopes: await sign(ec, { scope: undefined }),
  scopes_beyond: await sign(ec, { scope: 'contacts.read identity.read changes.tail_all' }),
  by_role: await sign(ec, { scope: undefined, roles: ['agent', 'unknown'] }),
  another_person: await sign(ec, { sub: 'u-8', email: 'cy@example.com' }),
  another_tenant: await sign(ec, { org: 'other' }),
  rotated: await sign(rotated),
  huge: await sign(ed, { note: 'x'.repeat(9000) }),
};

process.stdout.write(JSON.stringify({
  jwks: { keys: [rsa.jwk, ec.jwk, ed.jwk] },
  rotated: { keys: [rotated.jwk] },
  good, bad, other,
}));
