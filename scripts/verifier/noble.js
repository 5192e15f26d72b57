// What traceledger/pages/scripts/verify takes of the noble libraries: Keccak-256, SHA-256, recovery of a key.
import { secp256k1 } from "@noble/curves/secp256k1";
import { sha256 } from "@noble/hashes/sha256";
import { keccak_256 } from "@noble/hashes/sha3";

globalThis.TraceLedgerProof = { noble: { keccak_256, secp256k1, sha256 } };
