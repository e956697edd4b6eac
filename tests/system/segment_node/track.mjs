// Sends one activity with Segment's SDK: node track.mjs <url> <write key> <member id>
import { Analytics } from '@segment/analytics-node'

const [host, writeKey, userId] = process.argv.slice(2)
const analytics = new Analytics({ host, writeKey, maxRetries: 1 })
analytics.on('error', (error) => {
  console.error(error)
  process.exit(1)
})
analytics.identify({ userId, traits: { plan: 'gold' } })
analytics.track({ userId, event: 'Video Watched', properties: { seconds: 42 } })
await analytics.closeAndFlush({ timeout: 60000 })
