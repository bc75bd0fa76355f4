using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Ticketing.Reliability.Fuzzing;

/// <summary>What no answer may be, whatever was asked.</summary>
internal static partial class Judge
{
    /// <summary>Says what is wrong with the answer; null if nothing is.</summary>
    /// <param name="route">Where the request was made for; a mutation may have led it elsewhere.</param>
    /// <param name="request">The request.</param>
    /// <param name="answer">Its answer.</param>
    /// <param name="signedIn">Whether it had a good session.</param>
    /// <param name="maxSeconds">How long an answer may take; null for as long as it likes.</param>
    public static string? FindFault(Route route, RawRequest request, RawAnswer answer, bool signedIn, double? maxSeconds)
    {
        if (answer.Status == 0)
            return request.Broken ? null : "hung up without an answer";
        if (answer.Status >= 500)
            return $"answered {answer.Status}";
        var text = answer.Text;
        if (InnerWorkings().Match(text) is { Success: true } leak)
            return $"told of its inner workings: {leak.Value}";
        if (answer.Headers.ContainsKey("X-Injected"))
            return "let a header in";
        if (maxSeconds is { } limit && answer.Took.TotalSeconds > limit)
            return $"took {answer.Took.TotalSeconds:0.0} s";
        if (route.NeedsSession && !signedIn && answer.Succeeded && request.Method == route.Method
            && route.Matches(request.Target.Split('?')[0]))
            return "served a session route without a session";
        // HEAD never has a body. And what is no HTTP never gets to the application, which says this with every answer: the
        // server refuses it without a body.
        if (answer.Body.Length == 0 && (request.Method == "HEAD" || !answer.Headers.ContainsKey("Content-Security-Policy")))
            return null;
        return answer.IsRefused && IsApi(request) ? FindProblemFault(answer, text) : FindJsonFault(answer, text);
    }

    private static string? FindProblemFault(RawAnswer answer, string text)
    {
        if (answer.MediaType != "application/problem+json")
            return $"answered {answer.Status} as '{answer.MediaType}'";
        try
        {
            var problem = JsonNode.Parse(text)!;
            return problem["status"]?.GetValue<int>() != answer.Status ? "says another status in the problem"
                : problem["errors"] is JsonArray { Count: > 0 } errors && errors.All(error => error?["message"]?.GetValue<string>().Length > 0) ? null
                : "has no errors in the problem";
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            return $"is no problem: {text}";
        }
    }

    private static string? FindJsonFault(RawAnswer answer, string text)
    {
        if (!answer.MediaType.EndsWith("json", StringComparison.Ordinal))
            return null;
        try
        {
            JsonNode.Parse(text);
            return null;
        }
        catch (JsonException)
        {
            return "is no JSON";
        }
    }

    // Dots may lead out of it.
    private static bool IsApi(RawRequest request) => request.Target.StartsWith("/api/", StringComparison.Ordinal)
        && !request.Target.Split('?')[0].Contains("..", StringComparison.Ordinal)
        && !request.Target.Contains("%2E", StringComparison.OrdinalIgnoreCase);

    // Namespaces, stack traces, SQL; none of the fuzzer's own words are among them.
    [GeneratedRegex(@"[A-Za-z]+Exception\b|\n\s+at [A-Z][\w.]+\(|Npgsql|Dapper|StackExchange|Microsoft\.AspNetCore|System\.[A-Z]\w+|SELECT .+ FROM|relation \\?""|\.cs:line", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex InnerWorkings();
}
