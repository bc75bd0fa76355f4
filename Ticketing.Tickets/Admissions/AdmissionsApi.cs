using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;
using Ticketing.Contracts.Api;

namespace Ticketing.Tickets.Admissions;

/// <summary>The routes about tickets' codes and about the door.</summary>
internal static class AdmissionsApi
{
    public static IHostApplicationBuilder AddAdmissions(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<AdmissionKeys>();
        builder.Services.AddHostedService(services => services.GetRequiredService<AdmissionKeys>());
        return builder;
    }

    public static void MapAdmissionsApi(this IEndpointRouteBuilder app)
    {
        var admissions = app.MapGroup("/api/tickets/admissions").WithTags("Admissions");
        admissions.MapGet("/jwks.json", GetAdmissionKeys.Handle).AllowAnonymous()
            .WithName("getAdmissionKeys").WithSummary("The keys that verify tickets' codes");
        admissions.MapGet("/{orderId}", GetAdmissions.HandleAsync)
            .WithName("getAdmissions").WithSummary("The tickets of a paid order of yours, with their codes")
            .ProducesProblem(StatusCodes.Status400BadRequest);
        admissions.MapGet("/{orderId}/ticket", GetOrderedTicket.HandleAsync)
            .WithName("getOrderedTicket").WithSummary("The listing of an order of yours, whatever became of it")
            .WithDescription("As it is now. One that was withdrawn, which nobody else reads any more, says so.");

        var checkIns = app.MapGroup("/api/tickets/{id}/check-ins").WithTags("Check-ins");
        checkIns.MapPost("/", CheckIn.HandleAsync)
            .WithName("checkIn").WithSummary("Let the bearer of a code in, once")
            .WithDescription("For the listing's seller. Without an answer, ask again with the same attempt: it is told the same success.")
            .Produces<CheckInProblem>(StatusCodes.Status400BadRequest, "application/problem+json");
        checkIns.MapGet("/", GetCheckIns.HandleAsync)
            .WithName("getCheckIns").WithSummary("How many are in, and the last few; for the listing's seller");
    }
}

/// <summary>A refused check-in, or a request that is wrong.</summary>
internal sealed class CheckInProblem : ProblemDetails
{
    /// <summary>Why the code was refused.</summary>
    [AllowedValues(
        CheckInRefusal.Malformed, CheckInRefusal.Forged, CheckInRefusal.Unknown, CheckInRefusal.Foreign, CheckInRefusal.Refunded,
        CheckInRefusal.Used)]
    public string? Reason { get; init; }

    /// <summary>When it was used before.</summary>
    public DateTimeOffset? CheckedInAt { get; init; }

    /// <summary>How long ago that was, by the server's clock.</summary>
    public long? SecondsAgo { get; init; }

    /// <summary>At which door that was, if its client said so.</summary>
    public string? Door { get; init; }
}
