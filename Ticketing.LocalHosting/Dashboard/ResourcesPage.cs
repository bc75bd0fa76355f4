using System.Text;
using System.Text.Encodings.Web;

namespace Ticketing.LocalHosting.Dashboard;

/// <summary>The table of <c>/api/resources</c> as a page that renews itself.</summary>
internal static class ResourcesPage
{
    public static string Render(IReadOnlyList<ResourceRow> rows)
    {
        var body = new StringBuilder();
        foreach (var row in rows)
        {
            body.Append($"""
                      <tr>
                        <th scope="row">{Text(row.Name)}</th><td>{row.Type}</td><td>{row.State}</td><td>{row.Health ?? "–"}</td>
                        <td>{row.Pid?.ToString() ?? "–"}</td><td>{string.Join("<br>", row.Endpoints.Select(Endpoint))}</td><td>{row.Restarts}</td>
                      </tr>

                """);
        }

        return $$"""
            <!doctype html>
            <html lang="en">
            <head>
              <meta charset="utf-8">
              <meta name="viewport" content="width=device-width">
              <meta http-equiv="refresh" content="5">
              <title>Resources – Ticketing</title>
              <style>
                :root { color-scheme: light dark }
                body { font: 1rem/1.5 system-ui, sans-serif; margin: 2rem }
                table { border-collapse: collapse }
                th, td { text-align: left; padding: .25rem 1rem .25rem 0; border-bottom: 1px solid #8888; vertical-align: top }
              </style>
            </head>
            <body>
              <main>
                <h1>Resources</h1>
                <table>
                  <thead>
                    <tr>
                      <th scope="col">Name</th><th scope="col">Type</th><th scope="col">State</th><th scope="col">Health</th>
                      <th scope="col">Process</th><th scope="col">Endpoints</th><th scope="col">Restarts</th>
                    </tr>
                  </thead>
                  <tbody>
            {{body}}      </tbody>
                </table>
              </main>
            </body>
            </html>
            """;
    }

    private static string Endpoint(string url) =>
        url.StartsWith("http", StringComparison.Ordinal) ? $"""<a href="{Text(url)}">{Text(url)}</a>""" : Text(url);

    private static string Text(string text) => HtmlEncoder.Default.Encode(text);
}
