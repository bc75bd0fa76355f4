using System.Net;
using System.Text.Json.Nodes;
using Shouldly;

namespace Ticketing.Tests.Infrastructure;

/// <summary>What every error answer has, by the contract.</summary>
internal static class ProblemAssertions
{
    /// <summary>Checks status, media type and the fields that are always there.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="status">The status that it must have.</param>
    /// <param name="field">The field that its first error must name, if any.</param>
    /// <returns>The first error's message.</returns>
    public static async Task<string> ShouldBeProblemAsync(
        this HttpResponseMessage answer, HttpStatusCode status, string? field = null)
    {
        var body = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(status, body);
        answer.Content.Headers.ContentType?.MediaType.ShouldBe("application/problem+json");
        var problem = JsonNode.Parse(body)!;
        foreach (var name in new[] { "type", "title", "detail", "traceId" })
            problem[name].ShouldNotBeNull($"{name} is always there").ToString().ShouldNotBeEmpty();
        problem["status"]!.GetValue<int>().ShouldBe((int)status);
        var errors = problem["errors"]!.AsArray();
        errors.Count.ShouldBeGreaterThan(0);
        if (field is not null)
            errors[0]!["field"]?.ToString().ShouldBe(field);
        return errors[0]!["message"]!.ToString();
    }
}
