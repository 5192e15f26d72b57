// Looks keys up in tries of which some nodes are given, with @ethereumjs/mpt, which shares nothing with ours.
//
// usage: node other_tries.cjs FOLDER_WITH_NODE_MODULES < requests > answers
// A request is one line of JSON: {"root", "nodes", "keys"}, all hexadecimal, the root's node first among the
// nodes. Its answer is a list with the value at each key, or null where the trie has none.
const { createRequire } = require('node:module')
const readline = require('node:readline')

const { createMPTFromProof } = createRequire(process.argv[2] + '/')('@ethereumjs/mpt')
const bytes = (text) => Uint8Array.from(Buffer.from(text, 'hex'))

async function answer({ root, nodes, keys }) {
  const trie = await createMPTFromProof(nodes.map(bytes), { root: bytes(root) })
  const values = []
  for (const key of keys) {
    const value = await trie.get(bytes(key), true)
    values.push(value === null ? null : Buffer.from(value).toString('hex'))
  }
  return values
}

async function main() {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    console.log(JSON.stringify(await answer(JSON.parse(line))))
  }
}

main().catch((error) => {
  console.error(error)
  process.exit(1)
})
