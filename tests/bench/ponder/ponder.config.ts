// What ponder follows: the batch ledger and the registry of one deployment, told by the environment.
import { createConfig } from "ponder";
import { ledger, registry } from "./abis.ts";

const start = Number(process.env.PEER_START);
const end = Number(process.env.PEER_END);

export default createConfig({
  database: { kind: "pglite", directory: process.env.PEER_DATABASE },
  ordering: "multichain",
  chains: { peer: { id: Number(process.env.PEER_CHAIN), rpc: process.env.PEER_URL, ws: undefined } },
  contracts: {
    Ledger: { abi: ledger, chain: "peer", address: process.env.PEER_LEDGER, startBlock: start, endBlock: end },
    Registry: { abi: registry, chain: "peer", address: process.env.PEER_REGISTRY, startBlock: start, endBlock: end },
  },
});
