using System.Net;
using System.Text.RegularExpressions;
using Ticketing.Tests.Infrastructure;
using Ticketing.Web.Forwarding;

namespace Ticketing.Tests.Web.Pages;

/// <summary>A browser without JavaScript: keeps cookies, reads pages, fills their forms, follows nothing by itself.</summary>
internal sealed partial class Browser : IDisposable
{
    private readonly HttpClient client;
    private readonly CookieContainer cookies = new();

    public Browser(TestService<ForwardingOptions> web, string? session = null)
    {
        if (session is not null)
            cookies.Add(web.Address, new Cookie("session", session));
        client = new(new SocketsHttpHandler { CookieContainer = cookies, AllowAutoRedirect = false }) { BaseAddress = web.Address };
    }

    public Task<HttpResponseMessage> GetAsync(string path) => client.GetAsync(path);

    public async Task<string> ReadAsync(string path) =>
        await (await GetAsync(path)).EnsureSuccessStatusCode().Content.ReadAsStringAsync();

    /// <summary>Loads a page and posts its form with these fields and its hidden ones.</summary>
    public async Task<HttpResponseMessage> SubmitAsync(string path, params (string Name, string Value)[] fields)
    {
        var page = await ReadAsync(path);
        // The page's own form comes after the sign-out form in the header; the token is the same in all.
        var hidden = HiddenField().Matches(page).GroupBy(field => field.Groups["name"].Value)
            .ToDictionary(field => field.Key, field => WebUtility.HtmlDecode(field.Last().Groups["value"].Value));
        foreach (var (name, value) in fields)
            hidden[name] = value;
        return await PostAsync(path, hidden);
    }

    /// <summary>The page that answers a submitted form.</summary>
    public async Task<string> ReadAnswerAsync(string path, params (string Name, string Value)[] fields) =>
        await (await SubmitAsync(path, fields)).Content.ReadAsStringAsync();

    public Task<HttpResponseMessage> PostAsync(string path, IReadOnlyDictionary<string, string> fields) =>
        client.PostAsync(path, new FormUrlEncodedContent(fields));

    /// <summary>What a browser would do with the cookies of a page: hand them to another replica.</summary>
    public Browser At(TestService<ForwardingOptions> other)
    {
        var elsewhere = new Browser(other);
        foreach (var cookie in cookies.GetAllCookies().Cast<Cookie>())
            elsewhere.cookies.Add(other.Address, new Cookie(cookie.Name, cookie.Value));
        return elsewhere;
    }

    public void Dispose() => client.Dispose();

    [GeneratedRegex("""<input (?=[^>]*type="hidden")(?=[^>]*name="(?<name>[^"]*)")[^>]*value="(?<value>[^"]*)"[^>]*>""")]
    private static partial Regex HiddenField();
}
