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
    public async Task<HttpResponseMessage> SubmitAsync(string path, params (string Name, string Value)[] fields) =>
        await SubmitAsync(path, await OpenAsync(path), fields);

    /// <summary>Posts the form of a page that was opened before, be it in another tab.</summary>
    public Task<HttpResponseMessage> SubmitAsync(
        string path, IReadOnlyDictionary<string, string> opened, params (string Name, string Value)[] fields)
    {
        var all = new Dictionary<string, string>(opened);
        foreach (var (name, value) in fields)
            all[name] = value;
        return PostAsync(path, all, ("Origin", client.BaseAddress!.GetLeftPart(UriPartial.Authority)));
    }

    /// <summary>The hidden fields of a page.</summary>
    public async Task<IReadOnlyDictionary<string, string>> OpenAsync(string path) => HiddenIn(await ReadAsync(path));

    /// <summary>The hidden fields of a page that was read. Its own form comes after the sign-out form; the token is the same in all.</summary>
    public static IReadOnlyDictionary<string, string> HiddenIn(string page) =>
        HiddenField().Matches(page).GroupBy(field => field.Groups["name"].Value)
            .ToDictionary(field => field.Key, field => WebUtility.HtmlDecode(field.Last().Groups["value"].Value));

    /// <summary>The page that answers a submitted form.</summary>
    public async Task<string> ReadAnswerAsync(string path, params (string Name, string Value)[] fields) =>
        await (await SubmitAsync(path, fields)).Content.ReadAsStringAsync();

    /// <summary>Posts without a page that a form was on; so nothing says where it comes from but these header fields.</summary>
    public Task<HttpResponseMessage> PostAsync(
        string path, IReadOnlyDictionary<string, string> fields, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent(fields) };
        foreach (var (name, value) in headers)
            request.Headers.Add(name, value);
        return client.SendAsync(request);
    }

    /// <summary>What signing in or out in another tab does here; null signs out.</summary>
    public void SignIn(string? session)
    {
        Forget("session");
        if (session is not null)
            cookies.Add(client.BaseAddress!, new Cookie("session", session));
    }

    /// <summary>Loses a cookie.</summary>
    public void Forget(string name)
    {
        foreach (var cookie in cookies.GetCookies(client.BaseAddress!).Where(cookie => cookie.Name == name))
            cookie.Expired = true;
    }

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
