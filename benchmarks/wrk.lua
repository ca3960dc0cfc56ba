-- Prints what `benchmarks/wrk.py` reads: one line of JSON with the figures wrk keeps in microseconds.
-- With a body as its first argument it posts that body, each time under an Idempotency-Key of its own.

function init(args)
  local body = args[1]
  if body then
    local run, sent = args[2], 0
    wrk.headers["Content-Type"] = "application/json"
    request = function()
      sent = sent + 1
      wrk.headers["Idempotency-Key"] = run .. "-" .. sent
      return wrk.format("POST", nil, nil, body)
    end
  end
end

function done(summary, latency, requests)
  local failed = summary.errors
  io.write(string.format(
    '{"requests": %d, "seconds": %.6f, "p50_ms": %.3f, "p99_ms": %.3f, "refused": %d, "broken": %d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    failed.status, failed.connect + failed.read + failed.write + failed.timeout
  ))
end
