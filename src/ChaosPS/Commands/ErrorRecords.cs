using System.Management.Automation;
using ChaosPS.Errors;

namespace ChaosPS.Commands;

/// <summary>The one place where a <see cref="ChaosException"/> becomes PowerShell's <see cref="ErrorRecord"/>.</summary>
internal static class ErrorRecords
{
    /// <summary>The record: the exception's id, category, target, and what to do next, which PowerShell's error view shows below the message.</summary>
    /// <param name="exception">What went wrong.</param>
    /// <param name="target">What the cmdlet was at; null for what the exception says itself.</param>
    public static ErrorRecord ToErrorRecord(this ChaosException exception, object? target = null) =>
        new(exception, exception.ErrorId, Category(exception.Kind), target ?? exception.Target)
        {
            ErrorDetails = new ErrorDetails(exception.Message) { RecommendedAction = exception.RecommendedAction },
        };

    private static ErrorCategory Category(ErrorKind kind) => kind switch
    {
        ErrorKind.NotFound => ErrorCategory.ObjectNotFound,
        ErrorKind.InvalidArgument => ErrorCategory.InvalidArgument,
        ErrorKind.InvalidData => ErrorCategory.ParserError,
        ErrorKind.Refused => ErrorCategory.InvalidOperation,
        ErrorKind.AuthenticationFailed => ErrorCategory.AuthenticationError,
        ErrorKind.PermissionDenied => ErrorCategory.PermissionDenied,
        ErrorKind.Conflict => ErrorCategory.ResourceBusy,
        ErrorKind.LimitExceeded => ErrorCategory.LimitsExceeded,
        ErrorKind.Timeout => ErrorCategory.OperationTimeout,
        ErrorKind.ConnectionFailed => ErrorCategory.ConnectionError,
        ErrorKind.OperationFailed => ErrorCategory.InvalidResult,
        ErrorKind.NotSupported => ErrorCategory.NotImplemented,
        _ => ErrorCategory.NotSpecified,
    };
}
