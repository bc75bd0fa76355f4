// The tree of a trace's spans, as rows.

const most = 2000;

/** Parents before what is within them, in the order of their start; a span whose parent has not come begins a tree. */
export function flatten(spans, collapsed) {
  const ids = new Set(spans.map(span => span.id));
  const within = Map.groupBy(spans, span => ids.has(span.parent) ? span.parent : '');
  const rows = [];
  const seen = new Set();
  const visit = (span, depth) => {
    // A sender may be wrong about its spans: each is shown once, and a circle ends.
    if (seen.has(span.id) || rows.length === most) return;
    seen.add(span.id);
    const children = within.get(span.id) ?? [];
    rows.push({ span, depth, children: children.length });
    if (!collapsed.has(span.id)) for (const child of children) visit(child, depth + 1);
  };
  for (const root of within.get('') ?? []) visit(root, 0);
  return rows;
}

/** What a span is called, and what else tells it from others of that name: the path of a call, the text of a query. */
export function label(span) {
  const value = name => span.attributes.find(([key]) => key === name)?.[1];
  const method = value('http.request.method');
  const url = value('url.full');
  // The path itself says more than the route of a forwarder, which takes every path.
  const path = value('url.path') ?? value('http.route') ?? (url && URL.canParse(url) ? new URL(url).pathname : null);
  if (method && path && (!span.name.includes('/') || span.name.includes('**'))) return { name: `${method} ${path}`, more: value('http.response.status_code') ?? '' };
  const query = value('db.query.text');
  return { name: span.name, more: query ? query.replace(/\s+/g, ' ').slice(0, 120) : value('http.response.status_code') ?? '' };
}
