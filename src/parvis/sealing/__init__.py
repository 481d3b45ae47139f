# The room's doors (import the modules directly; nothing here needs Django):
#
# canonical    canonical_bytes(value) parse_json(raw) parse_canonical(raw) canonical_hash(value) sha256_hex(data)
#              new_salt() commit(salt, data) fingerprint(recipient) share_commitment(share) b64(data) unb64(text, size)
# age          encrypt(source, sink, recipient) decrypt(source, sink, identity)
#              decrypt_with_file_key(source, file_key, sink) read_header(source) -> Header(stanzas, mac, raw, length)
#              verify_file_key(header, file_key) unwrap(header, identity) unwrap_passphrase(header, passphrase)
#              require_envelope_header(header) rewrap(header, file_key, recipient) sealed_payload_size(plain)
#              seal_bytes(data, recipient) open_bytes(sealed, identity)
#              seal_with_passphrase(data, passphrase, log_n) open_with_passphrase(sealed, passphrase, max_log_n)
#              generate_identity() identity_from_secret(secret) secret_of(identity) recipient_of(identity)
#              public_of(recipient); errors are AgeError with a `code` (age.errors)
# shamir       split(secret, n, k) combine(shares, k) combine_opening_key(shares, k, recipient) ShareError
# manifest     Manifest ManifestFile write_envelope(sink, manifest, contents) read_envelope(source, sink_for)
#              check_context(manifest, ...) ManifestError; tarball.TarError
# merkle       leaf_hash(leaf) Edge(size, hashes).extend(leaf_hashes).root HashTree(leaf_hashes)
#              inclusion_proof(...) consistency_proof(...) verify_inclusion(...) verify_consistency(...)
# checkpoint   sign(origin, size, root, key) cosign(checkpoint, witness, key, at) parse(note)
#              verify(checkpoint, public_key, origin) verify_cosignatures(checkpoint, witnesses) Checkpoint.note
# timestamp    new_nonce() build_request(imprint, nonce) read_response(der) load_roots(pem)
#              verify_response(der, imprint, roots=, nonce=) -> Timestamp TimestampError
# local_tsa    LocalTsa.create(name, at) .from_pem(pem) .to_pem() .root_pem .respond(request_der, at)
# receipt      imprint(receipt) fact_data(receipt, data) build(receipt, fact, salt, key) proof(...) stamp(...)
#              complete(file, proof=, timestamp=) verify(file, Trust(...)) -> [Check(key, state, text)] outcome(checks)
# verify       main(argv) -> 0 | 1 | 2
