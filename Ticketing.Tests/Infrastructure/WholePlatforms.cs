using Ticketing.Tests.Infrastructure;
using Ticketing.Tests.Web.Journeys;
using Xunit;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(WholePlatformsFirst))]

namespace Ticketing.Tests.Infrastructure;

/// <summary>
/// Tests that start a whole platform, or build projects, run one after the other: each occupies two cores by itself, and several
/// at once would run into their time limits.
/// </summary>
[CollectionDefinition]
public sealed class WholePlatforms;

/// <summary>What takes longest begins first, so that the rest runs beside it.</summary>
public sealed class WholePlatformsFirst : ITestCollectionOrderer
{
    /// <inheritdoc/>
    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        [.. testCollections.OrderBy(collection => PlaceOf(collection.TestCollectionDisplayName))];

    private static int PlaceOf(string collection) =>
        collection.Contains(typeof(WholePlatforms).FullName!, StringComparison.Ordinal) ? 0
        : collection.Contains(typeof(JourneyCollection).FullName!, StringComparison.Ordinal) ? 1
        : 2;
}
