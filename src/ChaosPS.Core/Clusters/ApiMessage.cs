namespace ChaosPS.Clusters;

/// <summary>An object of the API, or a part of one, in another encoding than JSON. The members are those of <see cref="ApiFields"/>.</summary>
internal abstract class ApiMessage
{
    /// <inheritdoc cref="ApiFields.At"/>
    public abstract ApiFields? At(ReadOnlySpan<string> path);

    /// <inheritdoc cref="ApiFields.Text"/>
    public abstract string? Text(ReadOnlySpan<string> path);

    /// <inheritdoc cref="ApiFields.Scalar"/>
    public abstract string? Scalar(ReadOnlySpan<string> path);

    /// <inheritdoc cref="ApiFields.Flag"/>
    public abstract bool Flag(ReadOnlySpan<string> path);

    /// <inheritdoc cref="ApiFields.Number"/>
    public abstract long? Number(ReadOnlySpan<string> path);

    /// <inheritdoc cref="ApiFields.Time"/>
    public abstract DateTimeOffset? Time(ReadOnlySpan<string> path);

    /// <inheritdoc cref="ApiFields.Items"/>
    public abstract IReadOnlyList<ApiFields> Items(ReadOnlySpan<string> path);

    /// <inheritdoc cref="ApiFields.Texts"/>
    public abstract IReadOnlyList<string> Texts(ReadOnlySpan<string> path);

    /// <inheritdoc cref="ApiFields.Map"/>
    public abstract IReadOnlyDictionary<string, string> Map(ReadOnlySpan<string> path);

    /// <inheritdoc cref="ApiFields.Entry"/>
    public abstract string? Entry(ReadOnlySpan<string> path);

    /// <inheritdoc cref="ApiFields.Shared"/>
    public abstract T Shared<T>(Func<ApiFields, T> read)
        where T : class;
}
