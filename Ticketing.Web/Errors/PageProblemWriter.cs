namespace Ticketing.Web.Errors;

/// <summary>Leaves the problem of a page request without a body, so that <see cref="ErrorPages"/> fills it in.</summary>
internal sealed class PageProblemWriter : IProblemDetailsWriter
{
    public bool CanWrite(ProblemDetailsContext context) => ErrorPages.IsForPeople(context.HttpContext.Request);

    public ValueTask WriteAsync(ProblemDetailsContext context)
    {
        if (context.ProblemDetails.Status is { } status)
            context.HttpContext.Response.StatusCode = status;
        return ValueTask.CompletedTask;
    }
}
